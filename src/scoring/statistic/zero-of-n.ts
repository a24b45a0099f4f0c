import { confidence, type Interval } from './interval.ts';

/** What can still be said of an event that was never seen in `n` attempts: its exact one-sided upper bound. */
export function zeroOfN(n: number, level = confidence): Interval {
  return { low: 0, high: 1 - (1 - level) ** (1 / n), method: 'zero-of-n' };
}
