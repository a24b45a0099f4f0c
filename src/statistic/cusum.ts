/** Above which a cumulative sum raises an alarm. */
export const cusumLimit = 4;

/**
 * The cumulative sums of evidence that failures have become as frequent as `to` instead of `from`, begun anew whenever there is none,
 * up to the first above the limit.
 */
export function cusum(
  failed: readonly boolean[],
  from: number,
  to: number,
): { sums: number[]; alarm?: number } {
  const sums: number[] = [];
  let sum = 0;
  for (const [at, one] of failed.entries()) {
    const step = one ? Math.log(to / from) : Math.log((1 - to) / (1 - from));
    sum = Math.max(0, sum + step);
    sums.push(sum);
    if (sum > cusumLimit) return { sums, alarm: at };
  }
  return { sums };
}
