import * as shared from '../../format.ts';

export { count, duration, money, several, size } from '../../format.ts';

type Scored<T> = T | { unscored: string } | undefined;

export function isUnscored(value: unknown): value is { unscored: string } {
  return typeof value === 'object' && value !== null && 'unscored' in value;
}

/** `83 %` */
export const share = (value: Parameters<typeof shared.share>[0]) => shared.share(value, shared.percent);

/** `50 % (21 to 79 %)` */
export const estimate = (value: Parameters<typeof shared.estimate>[0]) =>
  shared.estimate(value, shared.percent);

/** `1 of 8 (2 to 47 %)`, or `0 of 8 (≤ 31 %)` */
export const proportion = (value: Parameters<typeof shared.proportion>[0]) =>
  shared.proportion(value, shared.percent);

/** `yes`, `no`, or why it is not known. */
export function yesNo(value: Scored<boolean>): string {
  if (typeof value !== 'boolean') return '–';
  return value ? 'yes' : 'no';
}
