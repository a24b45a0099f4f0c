export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The mean of at least one value. */
export function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

/** The variance of at least two values, over n − 1. */
export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
