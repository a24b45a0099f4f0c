import { several } from '../format.ts';
import type {
  BehaviourRate,
  FailureMode,
  FailureModes,
  PairComparison,
  Parting,
  TermDivergence,
} from '../schema/comparison.ts';
import { isUnscored } from '../schema/score.ts';
import { amount, chance, change, pText, signed } from './wording.ts';

const mostWords = 6;
const found = 0.05;

const inRow: Record<number, string> = { 1: 'calls one by one', 2: 'two in a row', 3: 'three in a row' };

/** How far two sets are apart in what they call, and what makes most of it; one sentence each. */
export function divergenceLines({ behaviour: { divergence }, a, b }: PairComparison): string[] {
  if (isUnscored(divergence)) return [`Calls of tools: not compared, since ${divergence.unscored}.`];
  const apart = divergence.map(
    ({ length, bits, byChance, p }) =>
      `${inRow[length] ?? length} ${bits.toFixed(3)} (by chance ${byChance.toFixed(3)}; p ${pText(p)})`,
  );
  const words = divergence.flatMap(wordsOf);
  const none = `No tool or program is called more often by ${a} or ${b} than chance would have it.`;
  return [
    `What is called diverges, in bits from 0 to 1: ${apart.join(', ')}.`,
    ...(words.length > 0 ? words.slice(0, mostWords) : [none]),
  ];
}

/** Rows are said only where they are more than their parts, which are said already. */
function wordsOf({ most, length }: TermDivergence): string[] {
  const sure = most.filter(({ adjusted }) => adjusted <= found);
  return sure
    .slice(0, length === 1 ? mostWords : 1)
    .map(({ sentence, adjusted }) => `${sentence}, p ${pText(adjusted)}.`);
}

/** Where the two part, in a sentence. */
export function partingLine({ behaviour: { parting }, a, b }: PairComparison): string {
  if (isUnscored(parting)) return `Where they part: not compared, since ${parting.unscored}.`;
  const first = amount(parting.at[0] ?? 0, 'share');
  const within = [withinText(a, parting.within.a), withinText(b, parting.within.b)]
    .filter(Boolean)
    .join(', ');
  const where =
    parting.median === null
      ? 'Most pairs of trials never part'
      : `They part at step ${parting.median} in the median`;
  const own = within === '' ? '' : `; ${within}`;
  return `${where} (over ${several(parting.tasks, 'task')}; ${first} at the first step, ${amount(parting.never, 'share')} never)${own}.`;
}

function withinText(key: string, median: Parting['within']['a']): string {
  if (median === undefined) return '';
  return median === null ? `trials of ${key} alone do not` : `trials of ${key} alone at step ${median}`;
}

/** Figures of a rate, as they are written. */
function rateCells({ what, unit, figure, adjusted }: BehaviourRate) {
  if (isUnscored(figure)) return { what, a: '–', b: '–', change: figure.unscored, p: '–' };
  return {
    what,
    a: amount(figure.a, unit),
    b: amount(figure.b, unit),
    change: change(figure, unit),
    p: chance(adjusted ?? figure.p),
  };
}

/** What there is to show of rates: all that is not none in both. */
export function rateRows({ behaviour: { rates, findings } }: PairComparison) {
  const isSome = ({ figure }: BehaviourRate) => !isUnscored(figure) && (figure.a > 0 || figure.b > 0);
  return [...rates, ...findings].filter(isSome).map(rateCells);
}

/** One line of the table of failure modes. */
export function modeRows({ failureModes }: PairComparison, most: number) {
  const [a, b, both] = ['a', 'b', 'both'].map((of) => modesOf(failureModes, of));
  const told = (both ?? []).filter(({ kind }) => kind === 'failure' || kind === 'success');
  const within = (modes: readonly FailureMode[] | undefined, feature: string) => {
    const own = modes?.find((mode) => mode.feature === feature);
    return own
      ? `${signed(own.difference, 'share')}${own.kind === 'unclear' || own.kind === 'harmless' ? '' : ' *'}`
      : '–';
  };
  return told.slice(0, most).map((mode) => ({
    what: mode.what,
    failed: shareText(mode.failed),
    succeeded: shareText(mode.succeeded),
    change: change(mode, 'share'),
    p: chance(mode.adjusted),
    inA: within(a, mode.feature),
    inB: within(b, mode.feature),
    example: mode.example?.trial ?? '–',
  }));
}

const shareText = ({ count, of, share }: FailureMode['failed']) =>
  `${amount(share, 'share')} (${count} of ${of})`;

function modesOf(all: readonly FailureModes[], of: string): readonly FailureMode[] {
  const modes = all.find((one) => one.of === of)?.modes ?? [];
  return isUnscored(modes) ? [] : modes;
}

/** What there is to say beside the table: what is harmless, and how many nothing can be told of. */
export function modeNotes({ failureModes }: PairComparison): string[] {
  const both = failureModes.find(({ of }) => of === 'both');
  if (!both) return [];
  if (isUnscored(both.modes)) return [`Not told, since ${both.modes.unscored}.`];
  const { modes, failed, succeeded, units } = both;
  const harmless = modes.filter(({ kind }) => kind === 'harmless').map(({ what }) => what);
  const marks = modes.some(({ kind }) => kind === 'failure' || kind === 'success');
  const unclear = modes.filter(({ kind }) => kind === 'unclear').length;
  return [
    ...(marks ? [] : ['Nothing that was looked at marks failure.']),
    `Of ${several(failed, 'failed trial')} and ${several(succeeded, 'completed one')} of both, over ${several(units, 'task')}; p within the sets, clustered by task, after Holm’s correction; A and B: the difference in each alone, * where it stands by itself.`,
    ...(harmless.length > 0 ? [`Harmless, with no difference of 10 points: ${harmless.join('; ')}.`] : []),
    ...(unclear > 0 ? [`Can’t be told yet: ${several(unclear, 'feature')}, see --json.`] : []),
  ];
}
