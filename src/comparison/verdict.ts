import { several } from '../format.ts';
import type { ComparisonPairing, Difference, Verdict, VerdictKind } from '../schema/comparison.ts';
import { isUnscored } from '../schema/score.ts';
import { confidence } from '../statistic/confidence.ts';
import { isFound } from '../statistic/difference.ts';
import { tasksNeeded, usual } from '../statistic/power.ts';
import { completion } from './measure/completion.ts';
import type { Paired } from './pairing.ts';
import { figureOf } from './scorecard.ts';
import { points, pText } from './wording.ts';

/** Fewer independent tasks or clusters are described, and nothing is concluded from them. */
export const leastUnits = 10;

/** Whom a verdict is about, and what it takes for a difference. */
export interface VerdictTerms {
  names: { a: string; b: string };
  /** Differences up to this share count as none. */
  margin: number;
  /** p after Holm's correction, where it is one of several pairs. */
  adjusted?: { p: number; pairs: number };
}

/** How far the completion of two sets is apart. */
export function completionOf({ tasks, pairing: { design } }: Paired): Verdict['figure'] {
  return figureOf(completion, tasks, { design, bootstrap: true });
}

/** What B is in comparison with A, by their completion. */
export function verdict(figure: Verdict['figure'], { pairing }: Paired, terms: VerdictTerms): Verdict {
  const { names, margin, adjusted } = terms;
  if (isUnscored(figure)) {
    const sentence = `${names.b} and ${names.a} can't be compared: ${figure.unscored}.`;
    return { kind: 'unclear', sentence, figure, margin };
  }
  const kind = kindOf(figure, { p: adjusted?.p ?? figure.p, margin });
  const needs = kind === 'unclear' ? missing(figure, terms) : undefined;
  const said = statement(figure, names);
  const sentence =
    kind === 'descriptive'
      ? `${said} (${basis(pairing)}): descriptive only, as it takes at least ${leastUnits} independent ${pairing.unit}s to tell of others.`
      : `${said} (${grounds(figure, pairing, adjusted)}): ${conclusion(kind, { margin, needs, unit: pairing.unit })}.`;
  return {
    kind,
    sentence,
    figure,
    ...(adjusted && { adjusted: adjusted.p }),
    margin,
    ...(needs && { needs }),
  };
}

/** Neither interval nor p may allow for no difference where one is found. */
function kindOf(
  { interval, units, difference }: Difference,
  { p, margin }: { p: number; margin: number },
): VerdictKind {
  const { low, high } = interval ?? { low: -1, high: 1 };
  if (units < leastUnits) return 'descriptive';
  if (isFound({ low, high }, p)) return difference > 0 ? 'better' : 'worse';
  return -margin < low && high < margin ? 'equivalent' : 'unclear';
}

/** Units that are missing to find a difference of the size that was seen, or of the margin where that is more, after Holm's correction. */
function missing(
  { difference, units, smallest = 1, p }: Difference,
  { margin, adjusted }: VerdictTerms,
): Verdict['needs'] {
  const of = Math.max(Math.abs(difference), margin);
  if (of === 0) return undefined;
  const spread = (smallest / oneTaskFinds) ** 2 * units;
  const alpha = (1 - confidence) / (adjusted ? correction(p, adjusted) : 1);
  const needed = tasksNeeded(of, spread, { alpha, power: usual.power });
  return { tasks: Math.max(1, Math.ceil(needed) - units), of };
}

/** How many times stricter p has to be for being one of several; of a p that became 1, by all of them. */
const correction = (p: number, { p: corrected, pairs }: { p: number; pairs: number }) =>
  corrected < 1 && p > 0 ? corrected / p : pairs;

/** The smallest difference that one task finds where its variance is 1. */
const oneTaskFinds = Math.sqrt(tasksNeeded(1, 1));

function statement({ difference }: Difference, { a, b }: { a: string; b: string }): string {
  const size = points(Math.abs(difference));
  if (size === '0.0') return `${b} completes as much as ${a}`;
  return `${b} completes ${size} points ${difference > 0 ? 'more' : 'less'} than ${a}`;
}

function grounds(
  { interval, p, smallest }: Difference,
  pairing: ComparisonPairing,
  adjusted: VerdictTerms['adjusted'],
): string {
  const chance = adjusted ? `p ${pText(adjusted.p)} (Holm, of ${adjusted.pairs} pairs)` : `p ${pText(p)}`;
  const range = interval ? [`95 % interval ${points(interval.low)} to ${points(interval.high)}`] : [];
  const found =
    smallest === undefined
      ? ''
      : `; the smallest difference this could have found is ${points(smallest)} points`;
  return `${[...range, chance, basis(pairing)].join(', ')}${found}`;
}

/** `40 tasks × 4 trials each`, `40 tasks in 12 clusters, 3 to 4 trials each`, `12 tasks against 15 others, 1 trial each` */
function basis({ design, tasks, units, unit, attempts: { least, most } }: ComparisonPairing): string {
  const trials = least === most ? several(least, 'trial') : `${least} to ${most} trials`;
  if (design === 'unpaired') return `${several(tasks.a, 'task')} against ${tasks.b} others, ${trials} each`;
  const clusters = unit === 'cluster' ? ` in ${several(units, 'cluster')}` : '';
  return `${several(tasks.a, 'task')}${clusters} × ${trials} each`;
}

function conclusion(
  kind: Exclude<VerdictKind, 'descriptive'>,
  { margin, needs, unit }: { margin: number; needs: Verdict['needs']; unit: ComparisonPairing['unit'] },
): string {
  if (kind === 'equivalent') return `no difference larger than ${points(margin)} points`;
  if (kind !== 'unclear') return kind;
  if (!needs) return "can't tell";
  return `can't tell; a difference of ${points(needs.of)} points needs about ${several(needs.tasks, `more ${unit}`)}`;
}
