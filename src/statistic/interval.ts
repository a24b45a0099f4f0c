import { normalQuantile, studentQuantile } from './quantile.ts';

/** A two-sided confidence interval, and the method that gave it. */
export interface Interval {
  low: number;
  high: number;
  method: 'wilson' | 'student-t' | 'zero-of-n';
}

/** Confidence of every interval Proctor reports. */
const confidence = 0.95;
const upper = 1 - (1 - confidence) / 2;

/** Wilson's score interval for `successes` of `n` independent attempts; `n` is at least 1. */
export function wilson(successes: number, n: number): Interval {
  const z = normalQuantile(upper);
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
 * Student's t interval for a mean, cut to 0…1. Given the means of tasks rather than their attempts, which are
 * clustered and not independent. Undefined where there are fewer than two values, or all are the same.
 */
function studentT(means: readonly number[]): Interval | undefined {
  const centre = mean(means);
  const squares = means.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  if (means.length < 2 || means.every((value) => value === means[0])) return undefined;
  const error = Math.sqrt(squares / (means.length - 1) / means.length);
  const half = studentQuantile(upper, means.length - 1) * error;
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half), method: 'student-t' };
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

/** The mean of at least one value. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
