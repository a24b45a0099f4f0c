import type { ComparisonPairing, Measure } from '../schema/comparison.ts';
import { isUnscored, type Unscored } from '../schema/score.ts';
import { pairedDifference } from '../statistic/difference.ts';
import { mean } from '../statistic/mean.ts';
import { holm } from '../statistic/multiple.ts';
import { differenceOf, type FigureKind, type TaskValues } from './figure.ts';
import { amounts } from './measure/amount.ts';
import { completion } from './measure/completion.ts';
import type { MeasureKind } from './measure/measure.ts';
import { isCompleted, passRates } from './measure/pass-rate.ts';
import { progress } from './measure/progress.ts';
import { safeSuccess } from './measure/safe-success.ts';
import { success } from './measure/success.ts';
import { unsafe } from './measure/unsafe.ts';
import type { Paired, PairedTask } from './pairing.ts';

type Design = ComparisonPairing['design'];

/** Every figure that two sets are compared by, each on its own: they are never blended. */
export function scorecard({ tasks, pairing: { design } }: Paired): Measure[] {
  const graded = tasks.some(({ a, b }) =>
    [...a, ...b].some(({ score }) => ![0, 1].includes(completion.of(score) as number)),
  );
  const judged = (kind: MeasureKind) => measured(kind, tasks, design);
  const measures = [
    judged(completion),
    ...(graded ? [judged(success)] : []),
    judged(safeSuccess),
    ...rates(tasks, design),
    judged(unsafe),
    judged(progress),
    ...amounts.map(judged),
  ];
  return adjustedOver(measures);
}

/** A figure over tasks, each trial counting what the measure says of it. */
export function figureOf(
  kind: MeasureKind,
  tasks: readonly PairedTask[],
  how: Pick<FigureKind, 'design' | 'bootstrap'>,
): Measure['figure'] {
  return figureOfValues(kind, tasks, valuesOf(kind, tasks), how);
}

function figureOfValues(
  kind: MeasureKind,
  tasks: readonly PairedTask[],
  values: readonly TaskValues[],
  how: Pick<FigureKind, 'design' | 'bootstrap'>,
): Measure['figure'] {
  return (
    differenceOf(values, { ...kind, ...how }) ??
    tasks
      .flatMap(({ a, b }) => [...a, ...b])
      .map(({ score }) => kind.of(score))
      .find(isUnscored) ?? { unscored: 'no task was scored in both' }
  );
}

function valuesOf({ of }: MeasureKind, tasks: readonly PairedTask[]): TaskValues[] {
  const values = (trials: PairedTask['a']) =>
    trials.map(({ score }) => of(score)).filter((value) => typeof value === 'number');
  return tasks.map(({ a, b, cluster }) => ({ a: values(a), b: values(b), cluster }));
}

function measured(kind: MeasureKind, shared: readonly PairedTask[], design: Design): Measure {
  const { of: _, ...rest } = kind;
  const tasks = kind.over === 'shared' ? shared : completedByBoth(shared, design);
  if (tasks.length === 0) return { ...rest, figure: { unscored: 'no task was completed by both' } };
  const values = valuesOf(kind, tasks);
  const side = (name: 'a' | 'b') => ({
    judged: values.reduce((sum, one) => sum + one[name].length, 0),
    of: tasks.reduce((sum, one) => sum + one[name].length, 0),
  });
  const coverage = { a: side('a'), b: side('b') };
  const isPart = Object.values(coverage).some(({ judged, of }) => judged < of);
  const ratio = kind.unit === 'share' || design === 'unpaired' ? undefined : ratioOf(values);
  return {
    ...rest,
    figure: figureOfValues(kind, tasks, values, { design }),
    ...(isPart && { coverage }),
    ...(ratio && { ratio }),
  };
}

function rates(tasks: readonly PairedTask[], design: Design): Measure[] {
  return passRates(tasks).map(({ values, ...kind }) => {
    const figure: Measure['figure'] = differenceOf(values(tasks), { ...kind, design }) ?? unscoredRate;
    return { ...kind, over: 'shared', figure };
  });
}

const unscoredRate: Unscored = { unscored: 'no task was scored in both' };

/** What completing a task took is compared where both did. */
function completedByBoth(tasks: readonly PairedTask[], design: Design): PairedTask[] {
  const completed = tasks.map((one) => ({
    ...one,
    a: one.a.filter(isCompleted),
    b: one.b.filter(isCompleted),
  }));
  const kept = (a: number, b: number) => (design === 'paired' ? a > 0 && b > 0 : a + b > 0);
  return completed.filter(({ a, b }) => kept(a.length, b.length));
}

/** How many times as much B takes, task by task; undefined where something took nothing. */
function ratioOf(values: readonly TaskValues[]): Measure['ratio'] {
  const pairs = values.filter(({ a, b }) => a.length > 0 && b.length > 0);
  const logs = pairs.map(({ a, b, cluster }) => ({
    a: [Math.log(mean(a))],
    b: [Math.log(mean(b))],
    cluster,
  }));
  if (logs.flatMap(({ a, b }) => [...a, ...b]).some((log) => !Number.isFinite(log))) return undefined;
  const found = pairedDifference(logs, Number.POSITIVE_INFINITY);
  if (!found) return undefined;
  const { low, high, method } = found;
  const interval = { low: Math.exp(low), high: Math.exp(high), method };
  return { value: Math.exp(found.mean), ...(method !== 'constant' && { interval }) };
}

/** Several figures are looked at together, and so are their p. */
function adjustedOver(measures: readonly Measure[]): Measure[] {
  const adjusted = holm(measures.flatMap(({ figure }) => (isUnscored(figure) ? [] : [figure.p])));
  return measures.map((measure) => {
    if (isUnscored(measure.figure)) return measure;
    return { ...measure, adjusted: adjusted.shift() ?? 1 };
  });
}
