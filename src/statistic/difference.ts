import { clustersOf } from './cluster.ts';
import { type Bounds, confidence } from './confidence.ts';
import { fisher } from './fisher.ts';
import { wilson } from './interval.ts';
import { mcNemar, mcNemarMid } from './mc-nemar.ts';
import { mean } from './mean.ts';
import { newcombe, newcombePaired } from './newcombe.ts';
import { signFlip } from './sign-flip.ts';
import { clusteredStudent, welch } from './student.ts';

/** The difference b − a of two means with its 95 % interval, the p that there is none, and what gave them. */
export interface Difference extends Bounds {
  mean: number;
  p: number;
  /** McNemar's mid-p, beside its exact one. */
  midP?: number;
  method: 'newcombe-paired' | 'paired-t' | 'clustered-t' | 'newcombe' | 'welch' | 'constant';
  /** What the method takes as independent: tasks or clusters, of the smaller side where they are not paired. */
  units: number;
}

/** The trials of two agents at one task; `cluster` is what tasks share that makes them alike, such as a repository. */
export interface Pair {
  a: readonly number[];
  b: readonly number[];
  cluster?: string | undefined;
}

/** Whether a difference is more than chance: neither the interval nor p may allow for none. */
export function isFound({ low, high }: Bounds, p: number): boolean {
  return p <= 1 - confidence && (low > 0 || high < 0);
}

/**
 * Compares two agents over the same tasks, each with at least one trial. `range` is the most that a trial can differ
 * from another: 1 for shares, Infinity for amounts; it bounds what may be unseen where nothing varies. Undefined where no task has
 * trials of both.
 */
export function pairedDifference(pairs: readonly Pair[], range = 1): Difference | undefined {
  const tasks = pairs
    .filter(({ a, b }) => a.length > 0 && b.length > 0)
    .map(({ a, b, cluster }) => ({ a: mean(a), b: mean(b), cluster }));
  const clusters = clustersOf(tasks, ({ cluster }) => cluster);
  const units = clusters.length;
  if (units === 0) return undefined;
  if (
    range === 1 &&
    units === tasks.length &&
    tasks.every(({ a, b }) => isPassOrFail(a) && isPassOrFail(b))
  ) {
    const count = (ofA: number, ofB: number) => tasks.filter(({ a, b }) => a === ofA && b === ofB).length;
    const counts = { both: count(1, 1), onlyA: count(1, 0), onlyB: count(0, 1), neither: count(0, 0) };
    const { onlyA, onlyB } = counts;
    const [p, midP] = [mcNemar(onlyA, onlyB), mcNemarMid(onlyA, onlyB)];
    const difference = (onlyB - onlyA) / units;
    return { mean: difference, ...newcombePaired(counts), p, midP, method: 'newcombe-paired', units };
  }
  const differences = clusters.map((own) => own.map(({ a, b }) => exact(b - a)));
  const test = clusteredStudent(differences);
  const exactP = signFlip(differences.map((own) => own.reduce((sum, value) => sum + value, 0)));
  if (!test) return constant(mean(differences.flat()), units, exactP, range);
  const { low, high, p } = test;
  const method = units === tasks.length ? 'paired-t' : 'clustered-t';
  return { mean: test.mean, low, high, p: exactP ?? p, method, units };
}

/** Compares two agents over different tasks, given task by task: weaker, since tasks differ more than agents do. */
export function unpairedDifference(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  range = 1,
): Difference | undefined {
  const [ofA, ofB] = [a, b].map((tasks) => tasks.filter((trials) => trials.length > 0).map(mean));
  if (!ofA?.length || !ofB?.length) return undefined;
  const units = Math.min(ofA.length, ofB.length);
  const difference = exact(mean(ofB) - mean(ofA));
  if (range === 1 && [...ofA, ...ofB].every(isPassOrFail)) {
    const [a, b] = [passesOf(ofA), passesOf(ofB)];
    return { mean: difference, ...newcombe(a, b), p: fisher(a, b), method: 'newcombe', units };
  }
  const test = welch(ofA, ofB);
  if (!test) return constant(difference, units, undefined, range);
  const { low, high, p } = test;
  return { mean: difference, low, high, p, method: 'welch', units };
}

/** Where nothing varies, no error can be told; what was never seen may still be as frequent as Wilson's limit. */
function constant(difference: number, units: number, p: number | undefined, range: number): Difference {
  const half = wilson(0, units).high * range;
  return {
    mean: difference,
    low: Math.max(-range, difference - half),
    high: Math.min(range, difference + half),
    p: p ?? (difference === 0 ? 1 : 2 ** (1 - units)),
    method: 'constant',
    units,
  };
}

const passesOf = (means: readonly number[]) => ({
  passed: means.filter((value) => value === 1).length,
  n: means.length,
});

const isPassOrFail = (value: number) => value === 0 || value === 1;

/** Means of thirds and the like differ by a rounding error where they are the same. */
const exact = (difference: number) => (Math.abs(difference) < 1e-12 ? 0 : difference);
