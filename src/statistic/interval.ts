import { clustersOf } from './cluster.ts';
import { type Bounds, confidence, upper } from './confidence.ts';
import { normalQuantile, studentQuantile } from './distribution.ts';
import { mean } from './mean.ts';
import { clusteredStudent, type StudentTest } from './student.ts';

/** A two-sided confidence interval, and the method that gave it. */
export interface Interval extends Bounds {
  method: 'wilson' | 'student-t' | 'clustered-t' | 'zero-of-n';
}

const z = normalQuantile(upper);

/** Wilson's score interval for `successes` of `n` independent attempts; `n` is at least 1. */
export function wilson(successes: number, n: number): Interval {
  const share = successes / n;
  const scale = 1 + z ** 2 / n;
  const centre = (share + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const low = successes === 0 ? 0 : Math.max(0, centre - half);
  const high = successes === n ? 1 : Math.min(1, centre + half);
  return { low, high, method: 'wilson' };
}

/** What can still be said of an event that was never seen in `n` attempts: its exact one-sided upper bound. */
export function zeroOfN(n: number): Interval {
  return { low: 0, high: 1 - (1 - confidence) ** (1 / n), method: 'zero-of-n' };
}

/**
 * Interval for the mean of tasks' values from 0 to 1, given task by task. Wilson's over the tasks where each always
 * passed or always failed, and over the attempts of a single task; else Student's t on the means of the tasks.
 * Tasks of one cluster, by its name, are no independent tries, so that their errors are taken together. Repeating every attempt
 * leaves an interval over several tasks as it is.
 */
export function meanInterval(
  tasks: readonly (readonly number[])[],
  names: readonly (string | undefined)[] = [],
): Interval | undefined {
  const kept = tasks
    .map((values, at) => ({ values, cluster: names[at] }))
    .filter(({ values }) => values.length > 0);
  const [only] = kept;
  const clusters =
    kept.length === 1 && only
      ? only.values.map((value) => [value])
      : clustersOf(kept, ({ cluster }) => cluster).map((own) => own.map(({ values }) => mean(values)));
  const means = clusters.flat();
  const passed = means.filter((value) => value === 1).length;
  const failed = means.filter((value) => value === 0).length;
  if (means.length === 0) return undefined;
  const areAlike = passed === means.length || failed === means.length;
  if (areAlike) return wilson(passed === 0 ? 0 : clusters.length, clusters.length);
  if (clusters.length === means.length && passed + failed === means.length)
    return wilson(passed, means.length);
  const test = clusteredStudent(clusters);
  if (!test) return undefined;
  const { low, high } = test;
  if (low < 0 || high > 1) return wilsonAsSure(test);
  return { low, high, method: clusters.length === means.length ? 'student-t' : 'clustered-t' };
}

/** Wilson's interval over as many tries as would be as sure of a mean: near 0 and 1, Student's is not to be trusted. */
function wilsonAsSure({ mean: share, error, freedom }: StudentTest): Interval {
  const n = (share * (1 - share)) / (error * (studentQuantile(upper, freedom) / z)) ** 2;
  return wilson(share * n, n);
}
