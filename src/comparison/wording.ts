import { count, duration, money, several } from '../format.ts';
import type {
  Capability,
  ComparedSet,
  ComparisonPairing,
  Difference,
  FlipKind,
  Measure,
  PairComparison,
} from '../schema/comparison.ts';
import type { HeldOutGap } from '../schema/held-out.ts';
import { isUnscored } from '../schema/score.ts';

/** A share in points of a hundred: `8.3`, `−2.1`. */
export function points(share: number): string {
  const text = Math.abs(share * 100).toFixed(1);
  return share < 0 && text !== '0.0' ? `−${text}` : text;
}

/** `= .011`, `< .001`, `= 1` */
export function pText(p: number): string {
  if (p < 0.001) return '< .001';
  return p > 0.9995 ? '= 1' : `= ${p.toFixed(3).slice(1)}`;
}

/** How amounts of a unit are written; shares as percent, and their differences as points. */
export function amount(value: number, unit: Measure['unit']): string {
  switch (unit) {
    case 'share':
      return `${(value * 100).toFixed(1)} %`;
    case 'usd':
      return money(value);
    case 'ms':
      return duration(value);
    default:
      return value < 1 ? String(Number(value.toPrecision(2))) : count(value);
  }
}

/** `+8.3`, `−$0.20`, `0.0` */
export function signed(value: number, unit: Measure['unit']): string {
  const size = Math.abs(value);
  const text = unit === 'share' ? points(size) : amount(size, unit);
  if (value === 0 || !/[1-9]/.test(text)) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** `+8.3 [+2.1, +14.5]` */
export function change(
  { difference, interval }: Pick<Difference, 'difference' | 'interval'>,
  unit: Measure['unit'],
): string {
  const range = interval ? ` [${signed(interval.low, unit)}, ${signed(interval.high, unit)}]` : '';
  return `${signed(difference, unit)}${range}`;
}

/** `.011`, `< .001`, `1` */
export const chance = (p: number) => pText(p).replace(/^= /, '');

/** `99 %`; never quite nothing, nor all. */
export function probability(value: number): string {
  if (value > 0.99) return '> 99 %';
  return value < 0.01 ? '< 1 %' : `${Math.round(value * 100)} %`;
}

/** `1.15 (1.02 to 1.30)` times as much. */
function times({ ratio }: Measure): string {
  if (!ratio) return '';
  const range = ratio.interval
    ? ` (${ratio.interval.low.toFixed(2)} to ${ratio.interval.high.toFixed(2)})`
    : '';
  return `${ratio.value.toFixed(2)}×${range}`;
}

/** Figures of a scorecard's line, as they are written. */
export function measureCells(measure: Measure) {
  const { id, figure, unit, adjusted, over } = measure;
  const name = `${id.replace('-', ' ')}${over === 'shared' ? '' : ' *'}`;
  if (isUnscored(figure))
    return { name, a: '–', b: '–', change: figure.unscored, times: '', p: '–', holm: '–', better: '–' };
  return {
    name,
    a: amount(figure.a, unit),
    b: amount(figure.b, unit),
    change: change(figure, unit),
    times: times(measure),
    p: chance(figure.p),
    holm: chance(adjusted ?? figure.p),
    better: probability(figure.better),
  };
}

/** What a reader has to know of a scorecard's figures, one line each. */
export function scorecardNotes(measures: readonly Measure[]): string[] {
  const partly = measures.flatMap(({ id, coverage, figure }) =>
    coverage && !isUnscored(figure)
      ? [
          `${id.replace('-', ' ')}: judged in ${coverage.a.judged} of ${several(coverage.a.of, 'trial')} of A and ${coverage.b.judged} of ${coverage.b.of} of B.`,
        ]
      : [],
  );
  const amounts = measures.find(({ over, figure }) => over !== 'shared' && !isUnscored(figure));
  const tasks = amounts && !isUnscored(amounts.figure) ? amounts.figure.tasks : undefined;
  return [
    'B − A with its 95 % interval, shares in points; Holm: p after correction over the scorecard.',
    ...(tasks
      ? [
          `* on completed trials of the ${several(tasks.a, 'task')} that both completed at least once; the less the better.`,
        ]
      : []),
    ...partly,
  ];
}

/** `tag refund (also effect write)` */
export function capabilityName({ by, value, also }: Capability): string {
  return `${by} ${value}${also.length > 0 ? ` (= ${also.join(', ')})` : ''}`;
}

/** `+8.3 [+2.1, +14.5], 14 tasks`: published less held out, in points. */
export function gapText({ gap, interval, tasks }: HeldOutGap): string {
  return `${change({ difference: gap, interval }, 'share')}, ${several(tasks, 'task')}`;
}

/** What has to be known of such gaps. */
export const gapNote =
  'Published − held out: completion of tasks as published less that of variants and private instances of the same tasks, in points with its 95 % interval; of fewer than 10 base tasks it is descriptive only.';

/** `A  scripted:careful (last): 18 tasks, 72 trials` without its key. */
export function setLine({ name, selector, tasks, trials, unscored, gap }: ComparedSet): string {
  const from = selector === name ? '' : ` (${selector})`;
  const apart = unscored > 0 ? `, ${unscored} of them not scored` : '';
  return `${name}${from}: ${several(tasks, 'task')}, ${several(trials, 'trial')}${apart}${gap ? `; published − held out ${gapText(gap)}` : ''}`;
}

/** What a comparison leaves out, one sentence each. */
export function leftOut(pairing: ComparisonPairing, sets: readonly ComparedSet[]): string[] {
  const { changed, missing, extra, unscored, infrastructureErrors: errors, bounds, design } = pairing;
  const lines: string[] = [];
  if (design === 'unpaired')
    lines.push('No task is the same in both, so they are not paired, which is weaker.');
  if (errors.a + errors.b > 0 && bounds)
    lines.push(
      `Infrastructure errors, in no figure: ${errors.a} in A, ${errors.b} in B; had all of them gone against B, the difference would be ${points(bounds.low)} points, had all gone for it, ${points(bounds.high)}.`,
    );
  const named = (tasks: readonly string[], what: string) => {
    if (tasks.length > 0) lines.push(`Left out, ${what}: ${someOf(tasks)}.`);
  };
  named(
    changed.map(({ task, what }) => `${task} (${what.join(' and ')})`),
    'changed between A and B',
  );
  named(missing, 'only in A');
  named(extra, 'only in B');
  named(unscored, 'not scored in both');
  const unreadable = sets.flatMap((set) => set.unreadable.map(({ trial }) => `${trial} of ${set.key}`));
  named(unreadable, 'no readable trace');
  return lines;
}

const mostNamed = 5;
function someOf(names: readonly string[]): string {
  const rest = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

export const flipTitles: Record<FlipKind, string> = {
  broke: 'broke: A completed it, B did not',
  fixed: 'fixed: B completed it, A did not',
  'made-unsafe': 'made unsafe: B did something unsafe, A did not',
  'made-safe': 'made safe: A did something unsafe, B did not',
};

/** `both completed 20 tasks, neither 5; B broke 3, fixed 8, made 1 unsafe and 0 safe` */
export function flipLine(
  { matrix, flips }: Pick<PairComparison, 'matrix' | 'flips'>,
  names: { b: string },
): string {
  const of = (kind: FlipKind) => flips.filter((flip) => flip.kind === kind).length;
  const half = matrix.undecided > 0 ? `, ${matrix.undecided} half of the time` : '';
  const parts = `both completed ${several(matrix.both, 'task')}, neither ${matrix.neither}${half}`;
  return `${parts}; ${names.b} broke ${of('broke')}, fixed ${of('fixed')}, made ${of('made-unsafe')} unsafe and ${of('made-safe')} safe`;
}
