import { resamplingSeed } from './bootstrap.ts';
import { total } from './mean.ts';
import { type Random, seededRandom } from './random.ts';

const flips = 4999;

/**
 * One-sided p values of several statistics, each that it is not above 0, which all stand together at the level that they are held to: Westfall and
 * Young's step-down max-T. Each column has a statistic's value of each unit, 0 where it has none. The signs of whole units are flipped together, so that
 * statistics that say the same cost each other nothing. Takes values that are symmetric about 0 where there is nothing to find.
 */
export function maxT(columns: readonly (readonly number[])[]): number[] {
  const scaled = columns.map((column) => {
    const size = Math.hypot(...column) || 1;
    return Float64Array.from(column, (value) => value / size);
  });
  const observed = columns.map((column) => total(column) / (Math.hypot(...column) || 1));
  const rising = observed.map((_, at) => at).sort((x, y) => (observed[x] ?? 0) - (observed[y] ?? 0));
  const reached = columns.map(() => 1);
  const random = seededRandom(resamplingSeed);
  const signs = new Int8Array(columns[0]?.length ?? 0);
  for (let flip = 0; flip < flips; flip++) {
    flipAll(signs, random);
    let most = Number.NEGATIVE_INFINITY;
    for (const at of rising) {
      most = Math.max(most, product(signs, scaled[at] ?? new Float64Array()));
      if (most >= (observed[at] ?? 0) - 1e-12) reached[at] = (reached[at] ?? 0) + 1;
    }
  }
  let least = 0;
  const adjusted = columns.map(() => 1);
  for (const at of rising.toReversed()) {
    least = Math.max(least, (reached[at] ?? 0) / (flips + 1));
    adjusted[at] = least;
  }
  return adjusted;
}

/** So many signs come of one random number. */
const bitsOfOne = 30;

function flipAll(signs: Int8Array, random: Random): void {
  let bits = 0;
  for (let at = 0; at < signs.length; at++) {
    if (at % bitsOfOne === 0) bits = Math.floor(random() * 2 ** bitsOfOne);
    signs[at] = bits & 1 ? 1 : -1;
    bits >>= 1;
  }
}

function product(signs: Int8Array, values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (signs[at] ?? 0) * (values[at] ?? 0);
  return sum;
}
