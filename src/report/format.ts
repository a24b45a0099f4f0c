import { isUnscored, type Unscored } from '../schema/score.ts';
import type { Estimate, Proportion } from '../scoring/estimate.ts';

type Scored<T> = T | Unscored;

/** How a figure that could not be judged is written. */
const none = '–';

/** `0.75` */
export function share(value: Scored<number>): string {
  return isUnscored(value) ? none : value.toFixed(2);
}

/** `0.75 [0.30, 0.95]`, its interval where it rests on more than one attempt. */
export function estimate(value: Scored<Estimate>): string {
  if (isUnscored(value)) return none;
  const { mean, n, interval } = value;
  return interval && n > 1 ? `${share(mean)} [${share(interval.low)}, ${share(interval.high)}]` : share(mean);
}

/** `1 of 8 [0.02, 0.47]`; of what was never seen, `0 of 8 (≤ 0.31)`. */
export function proportion(value: Scored<Proportion>): string {
  if (isUnscored(value)) return none;
  const { count, n, interval } = value;
  const between =
    interval.method === 'zero-of-n'
      ? `(≤ ${share(interval.high)})`
      : `[${share(interval.low)}, ${share(interval.high)}]`;
  return `${count} of ${n} ${between}`;
}

/** `$0.0042`, `$1.20` */
export function money(value: Scored<number>): string {
  if (isUnscored(value)) return none;
  return value !== 0 && value < 0.1 ? `$${value.toFixed(4)}` : `$${value.toFixed(2)}`;
}

/** `950`, `12.3k`, `4.5M` */
export function count(value: number): string {
  if (value < 1000) return String(Math.round(value * 10) / 10);
  return value < 1e6 ? `${(value / 1000).toFixed(1)}k` : `${(value / 1e6).toFixed(1)}M`;
}

/** `4.2 ms`, `340 ms`, `12.5 s`, `3 min 20 s`; given in milliseconds. */
export function duration(value: Scored<number>): string {
  if (isUnscored(value)) return none;
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  const seconds = value / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
}

/** `1 step`, `2 steps` */
export function several(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
