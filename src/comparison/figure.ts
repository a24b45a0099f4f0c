import type { Difference, Measure } from '../schema/comparison.ts';
import { bootstrapMean, resamplingSeed } from '../statistic/bootstrap.ts';
import { clustersOf } from '../statistic/cluster.ts';
import { upper } from '../statistic/confidence.ts';
import { type Difference as Found, pairedDifference, unpairedDifference } from '../statistic/difference.ts';
import { normalQuantile } from '../statistic/distribution.ts';
import { zeroOfN } from '../statistic/interval.ts';
import { mean } from '../statistic/mean.ts';
import { smallestDifference } from '../statistic/power.ts';
import { clusteredStudent } from '../statistic/student.ts';
import { pairedSuperiority, superiority } from '../statistic/superiority.ts';

/** What the trials of one task come to, in each of two sets; empty on one side where tasks are not paired. */
export interface TaskValues {
  a: readonly number[];
  b: readonly number[];
  cluster?: string | undefined;
}

/** How a figure is compared. */
export interface FigureKind extends Pick<Measure, 'better' | 'unit'> {
  design: 'paired' | 'unpaired';
  /** Whether a bootstrap is put beside Student's t. */
  bootstrap?: boolean;
}

/** Compares a figure of two sets, by the method that fits it; undefined where there is nothing to compare. */
export function differenceOf(values: readonly TaskValues[], kind: FigureKind): Difference | undefined {
  const { design } = kind;
  const sides = { a: values.map(({ a }) => a).filter(isSome), b: values.map(({ b }) => b).filter(isSome) };
  const pairs = values.filter(({ a, b }) => isSome(a) && isSome(b));
  const range = kind.unit === 'share' ? 1 : Number.POSITIVE_INFINITY;
  const found =
    design === 'paired' ? pairedDifference(pairs, range) : unpairedDifference(sides.a, sides.b, range);
  if (!found) return undefined;
  const [ofA, ofB] =
    design === 'paired' ? [pairs.map(({ a }) => a), pairs.map(({ b }) => b)] : [sides.a, sides.b];
  const bounded = found.method !== 'constant' || kind.unit === 'share';
  const more = chanceOfMore(found, ofA, ofB, pairs);
  return {
    a: mean(ofA.map(mean)),
    b: mean(ofB.map(mean)),
    difference: found.mean,
    ...(bounded && { interval: within(found, range) }),
    p: found.p,
    ...(found.midP !== undefined && { midP: found.midP }),
    test: testOf(found, pairs),
    better: kind.better === 'more' ? more : 1 - more,
    tasks: { a: ofA.length, b: ofB.length },
    units: found.units,
    trials: { a: ofA.flat().length, b: ofB.flat().length },
    ...(bounded && { smallest: smallestFound(found, pairs, kind) }),
    ...(kind.bootstrap && bootstrapBeside(found, pairs)),
  };
}

/** A difference of shares is never more than one. */
const within = ({ low, high, method }: Found, range: number) => ({
  low: Math.max(-range, low),
  high: Math.min(range, high),
  method,
});

const isSome = (values: readonly number[]) => values.length > 0;

/** The differences of tasks, cluster by cluster. */
function clustered(pairs: readonly TaskValues[]): number[][] {
  return clustersOf(pairs, ({ cluster }) => cluster).map((own) => own.map(({ a, b }) => mean(b) - mean(a)));
}

/** P(B has more), before which more and less were as likely. */
function chanceOfMore(
  { method, mean: difference, p }: Found,
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  pairs: readonly TaskValues[],
): number {
  if (method === 'newcombe') return superiority(passesOf(a), passesOf(b));
  if (method === 'welch') return fromTails(p, difference);
  const test = method === 'newcombe-paired' ? undefined : clusteredStudent(clustered(pairs));
  if (test) return fromTails(test.p, difference);
  const signs = clustered(pairs).map((own) => Math.sign(mean(own)));
  return pairedSuperiority(signs.filter((sign) => sign < 0).length, signs.filter((sign) => sign > 0).length);
}

const fromTails = (p: number, difference: number) => (difference > 0 ? 1 - p / 2 : p / 2);

const passesOf = (tasks: readonly (readonly number[])[]) => ({
  passed: tasks.filter((values) => mean(values) === 1).length,
  n: tasks.length,
});

/** What gave p. */
function testOf({ method, p }: Found, pairs: readonly TaskValues[]): string {
  if (method === 'newcombe-paired') return 'mcnemar-exact';
  if (method === 'newcombe') return 'fisher-exact';
  if (method === 'welch') return 'welch-t';
  const test = clusteredStudent(clustered(pairs));
  return test?.p === p ? 'student-t' : 'sign-flip-exact';
}

/** Of pass and fail, what varies is which tasks differ at all; where none does, as many may as were never seen to. */
function smallestFound(found: Found, pairs: readonly TaskValues[], { unit, design }: FigureKind): number {
  const { units, method, low, high } = found;
  const differences = clustered(pairs).map(mean);
  const apart = differences.length === 0 ? 0 : mean(differences.map((value) => value ** 2));
  const test = method === 'newcombe-paired' ? undefined : clusteredStudent(clustered(pairs));
  const error = design === 'unpaired' ? (high - low) / 2 / normalQuantile(upper) : test?.error;
  const spread = error === undefined ? apart || zeroOfN(units).high : error ** 2 * units;
  const smallest = smallestDifference(units, spread);
  return unit === 'share' ? Math.min(1, smallest) : smallest;
}

/** Beside Student's t, which takes means for normal. */
function bootstrapBeside({ method }: Found, pairs: readonly TaskValues[]): Pick<Difference, 'bootstrap'> {
  if (method !== 'paired-t') return {};
  const bounds = bootstrapMean(pairs.map(({ a, b }) => mean(b) - mean(a)));
  return { bootstrap: { ...bounds, seed: resamplingSeed } };
}
