import { total } from './mean.ts';

/** How far two ratings are from each other: all the same far where they differ, by rank, or by the square of their difference. */
type Metric = 'nominal' | 'ordinal' | 'interval';

/**
 * Krippendorff's alpha: how far raters agree beyond chance about units, each with the ratings that it was given, however many. Units with
 * fewer than two are left out. Undefined where all ratings are the same, so that chance alone agrees, or none can be paired.
 */
export function krippendorffAlpha(
  units: readonly (readonly number[])[],
  metric: Metric = 'nominal',
): number | undefined {
  const rated = units.filter((ratings) => ratings.length > 1);
  const values = [...new Set(rated.flat())].sort((a, b) => a - b);
  const counts = values.map((value) => total(rated.map((ratings) => times(ratings, value))));
  const n = total(counts);
  const distance = distanceBy(metric, values, counts);
  const pairs = values.flatMap((_, a) => values.map((__, b) => ({ a, b, far: distance(a, b) })));
  const observed = total(
    rated.map((ratings) => {
      const of = values.map((value) => times(ratings, value));
      return total(pairs.map(({ a, b, far }) => far * (of[a] ?? 0) * (of[b] ?? 0))) / (ratings.length - 1);
    }),
  );
  const expected = total(pairs.map(({ a, b, far }) => far * (counts[a] ?? 0) * (counts[b] ?? 0))) / (n - 1);
  return n === 0 || expected === 0 ? undefined : 1 - observed / expected;
}

const times = (ratings: readonly number[], value: number) => ratings.filter((one) => one === value).length;

function distanceBy(metric: Metric, values: readonly number[], counts: readonly number[]) {
  return (a: number, b: number): number => {
    if (a === b) return 0;
    switch (metric) {
      case 'nominal':
        return 1;
      case 'interval':
        return ((values[a] ?? 0) - (values[b] ?? 0)) ** 2;
      case 'ordinal': {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const between = total(counts.slice(low, high + 1));
        return (between - ((counts[low] ?? 0) + (counts[high] ?? 0)) / 2) ** 2;
      }
    }
  };
}
