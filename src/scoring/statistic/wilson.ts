import jStat from 'jstat';
import { confidence, type Interval } from './interval.ts';

/** Wilson's score interval for `successes` of `n` independent attempts; `n` is at least 1. */
export function wilson(successes: number, n: number, level = confidence): Interval {
  const z = jStat.normal.inv(1 - (1 - level) / 2, 0, 1);
  const share = successes / n;
  const scale = 1 + z ** 2 / n;
  const centre = (share + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half), method: 'wilson' };
}
