import { type Random, seededRandom } from './random.ts';

/** The seed of every bootstrap and permutation that a report prints. */
export const resamplingSeed = 42;
const resamples = 10_000;

/** The 95 % percentile interval of the mean of at least one value, by drawing them again with replacement. */
export function bootstrapMean(
  values: readonly number[],
  random: Random = seededRandom(resamplingSeed),
): { low: number; high: number } {
  const n = values.length;
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += values[Math.floor(random() * n)] ?? 0;
    means[sample] = sum / n;
  }
  means.sort();
  return { low: sampleQuantile(means, 0.025), high: sampleQuantile(means, 0.975) };
}

/** The quantile of sorted values that lies between two of them in a straight line (type 7). */
function sampleQuantile(sorted: ArrayLike<number>, probability: number): number {
  const place = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (place - Math.floor(place)) * (above - below);
}
