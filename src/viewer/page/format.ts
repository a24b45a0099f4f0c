import * as shared from '../../format.ts';
import type { Unscored } from '../../schema/score.ts';

export {
  comparisonOfTests,
  count,
  duration,
  instanceLine,
  money,
  several,
  size,
  tokens,
} from '../../format.ts';
export { isUnscored } from '../../schema/score.ts';

/** `83 %` */
export const share = (value: Parameters<typeof shared.share>[0]) => shared.share(value, shared.percent);

/** `50 % (21 to 79 %)` */
export const estimate = (value: Parameters<typeof shared.estimate>[0]) =>
  shared.estimate(value, shared.percent);

/** `1 of 8 (2 to 47 %)`, or `0 of 8 (≤ 31 %)` */
export const proportion = (value: Parameters<typeof shared.proportion>[0]) =>
  shared.proportion(value, shared.percent);

/** `yes`, `no`, or why it is not known. */
export function yesNo(value: boolean | Unscored | undefined): string {
  if (typeof value !== 'boolean') return '–';
  return value ? 'yes' : 'no';
}

/** `just now`, `5 min ago`, `3 h ago`, `12 days ago`; of times as ISO 8601 and in milliseconds since 1970. */
export function ago(at: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  return `${shared.several(Math.floor(hours / 24), 'day')} ago`;
}
