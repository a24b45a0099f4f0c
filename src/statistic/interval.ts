import { type Bounds, confidence, upper } from './confidence.ts';
import { normalQuantile } from './distribution.ts';
import { mean } from './mean.ts';
import { student } from './student.ts';

/** A two-sided confidence interval, and the method that gave it. */
export interface Interval extends Bounds {
  method: 'wilson' | 'student-t' | 'zero-of-n';
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

/** Student's t interval for a mean of values from 0 to 1, cut to these. */
function studentT(means: readonly number[]): Interval | undefined {
  const test = student(means);
  return test && { low: Math.max(0, test.low), high: Math.min(1, test.high), method: 'student-t' };
}

/**
 * Interval for the mean of values from 0 to 1 that come in clusters, the attempts of one task being one.
 * Wilson's over the tasks where each always passed or always failed, and over the attempts of a single task; else
 * Student's t on the means of the tasks. Repeating every attempt leaves an interval over several tasks as it is.
 */
export function meanInterval(clusters: readonly (readonly number[])[]): Interval | undefined {
  const kept = clusters.filter((values) => values.length > 0);
  const [only] = kept;
  const units = kept.length === 1 && only ? only : kept.map(mean);
  const passed = units.filter((value) => value === 1).length;
  const failed = units.filter((value) => value === 0).length;
  return units.length > 0 && passed + failed === units.length
    ? wilson(passed, units.length)
    : studentT(units);
}
