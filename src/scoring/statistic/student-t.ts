import jStat from 'jstat';
import { confidence, type Interval } from './interval.ts';

/**
 * Student's t interval for a mean, cut to 0…1. InitialWorld the means of tasks rather than their attempts, which are
 * clustered and not independent. Undefined where there are fewer than two values, or all are the same.
 */
export function studentT(means: readonly number[], level = confidence): Interval | undefined {
  const deviation = means.length < 2 ? 0 : jStat.stdev(means, true);
  if (deviation === 0) return undefined;
  const mean = jStat.mean(means);
  const quantile = jStat.studentt.inv(1 - (1 - level) / 2, means.length - 1);
  const half = (quantile * deviation) / Math.sqrt(means.length);
  return { low: Math.max(0, mean - half), high: Math.min(1, mean + half), method: 'student-t' };
}
