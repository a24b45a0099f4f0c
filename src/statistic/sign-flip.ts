const most = 20;

/**
 * The exact two-sided p that differences are symmetric about 0: the share of all ways to flip their signs whose sum
 * is as far from 0 as theirs. Flipping a 0 changes nothing, so those are left out. Undefined past 20 others.
 */
export function signFlip(differences: readonly number[]): number | undefined {
  const sizes = differences.filter((value) => value !== 0).map(Math.abs);
  if (sizes.length > most) return undefined;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0)) - total * 1e-12;
  const ways = 2 ** sizes.length;
  const sums = sumsOf(sizes);
  if (sums) {
    let far = 0;
    for (const { sum, count } of sums) if (Math.abs(sum) >= observed) far += count;
    return far / ways;
  }
  let [extreme, sum] = [0, total];
  const flipped = sizes.map(() => false);
  for (let way = 0; way < ways; way++) {
    if (Math.abs(sum) >= observed) extreme++;
    const at = lowestBit(way + 1);
    const size = sizes[at];
    if (size === undefined) break;
    sum += flipped[at] ? 2 * size : -2 * size;
    flipped[at] = !flipped[at];
  }
  return extreme / ways;
}

/** More sums than these are not gathered. */
const mostSums = 4096;

/** All sums that signs make of sizes, and in how many ways each; undefined where few of them are the same. */
function sumsOf(sizes: readonly number[]): Iterable<{ sum: number; count: number }> | undefined {
  const grain = sizes.reduce((all, size) => all + size, 0) * 1e-11;
  let sums = new Map([[0, { sum: 0, count: 1 }]]);
  for (const size of sizes) {
    const next: typeof sums = new Map();
    for (const { sum, count } of sums.values())
      for (const signed of [sum + size, sum - size]) {
        const key = Math.round(signed / grain);
        const same = next.get(key);
        if (same) same.count += count;
        else next.set(key, { sum: signed, count });
      }
    if (next.size > mostSums) return undefined;
    sums = next;
  }
  return sums.values();
}

/** Which sign the Gray code flips next, so that each way costs one addition. */
const lowestBit = (n: number) => 31 - Math.clz32(n & -n);
