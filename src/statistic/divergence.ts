import { resamplingSeed } from './bootstrap.ts';
import { type Random, seededRandom } from './random.ts';

/** The terms of the trials of two agents at one task, such as the pairs of tools that they called in a row. */
export interface TermPair {
  a: readonly (readonly string[])[];
  b: readonly (readonly string[])[];
}

/** How much one term adds to a divergence, and its share of either agent's terms. */
interface TermDivergence {
  term: string;
  bits: number;
  shareA: number;
  shareB: number;
}

export interface Divergence {
  /** Jensen and Shannon's, base 2: 0 where both use each term as often, 1 where they share none. */
  bits: number;
  /** How often a divergence as large comes about where trials of one task are dealt to the agents by chance. */
  p: number;
  /** What chance alone gives: the mean over these deals. */
  byChance: number;
  /** Those that make most of it first. */
  terms: TermDivergence[];
}

/**
 * How far two agents differ in the terms they use over the same tasks, each task and each trial of it counting as much.
 * Tasks without trials of both are left out; undefined where no terms are left to compare.
 */
export function divergenceOf(
  tasks: readonly TermPair[],
  {
    permutations = 999,
    random = seededRandom(resamplingSeed),
  }: { permutations?: number; random?: Random } = {},
): Divergence | undefined {
  const indices = new Map<string, number>();
  const paired = tasks
    .filter(({ a, b }) => a.length > 0 && b.length > 0)
    .map(({ a, b }) => ({ trials: [...a, ...b].map((terms) => counted(terms, indices)), ofA: a.length }));
  const measure = measureOf(paired, indices.size);
  const { bits, shares } = measure();
  if (bits === undefined) return undefined;
  const terms = [...indices].map(([term, at]) => termOf(term, shares.a[at] ?? 0, shares.b[at] ?? 0));
  let [asLarge, sum] = [0, 0];
  const rounds = indices.size < 2 ? 0 : permutations;
  for (let round = 0; round < rounds; round++) {
    for (const { trials, ofA } of paired) deal(trials, ofA, random);
    const dealt = measure().bits ?? 0;
    sum += dealt;
    if (dealt >= bits - 1e-12) asLarge++;
  }
  return {
    bits,
    p: (1 + asLarge) / (rounds + 1),
    byChance: rounds === 0 ? 0 : sum / rounds,
    terms: terms.filter((one) => one.bits > 0).sort((x, y) => y.bits - x.bits),
  };
}

interface DealtTask {
  /** Those dealt to A first. */
  trials: Counted[];
  ofA: number;
}

/**
 * What measures how the trials are dealt now. Its shares are overwritten each time. Only A's are added up: what all have is the same
 * however they are dealt, and the rest is B's, which is told from A's sum where both have trials in one proportion at all tasks.
 */
function measureOf(tasks: readonly DealtTask[], size: number) {
  const shares = { a: new Float64Array(size), b: new Float64Array(size) };
  const all = new Float64Array(size);
  const ratio = ({ trials, ofA }: DealtTask) => ofA / (trials.length - ofA);
  for (const { trials, ofA } of tasks) for (const trial of trials) add(all, trial, 1 / (trials.length - ofA));
  const [first] = tasks;
  const common = first && tasks.every((task) => ratio(task) === ratio(first)) ? ratio(first) : undefined;
  return () => {
    shares.a.fill(0);
    shares.b.set(all);
    for (const { trials, ofA } of tasks) {
      for (let at = 0; at < ofA; at++) {
        const trial = trials[at];
        if (!trial) continue;
        add(shares.a, trial, 1 / ofA);
        if (common === undefined) add(shares.b, trial, -1 / (trials.length - ofA));
      }
    }
    if (common !== undefined)
      for (let at = 0; at < size; at++) shares.b[at] = (shares.b[at] ?? 0) - common * (shares.a[at] ?? 0);
    const both = normalize(shares.a) && normalize(shares.b);
    return { shares, bits: both ? jensenShannon(shares.a, shares.b) : undefined };
  };
}

/** The divergence of two distributions over the same terms, in bits. */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < p.length; at++) sum += bitsOf(p[at] ?? 0, q[at] ?? 0);
  return Math.min(1, Math.max(0, sum));
}

function bitsOf(p: number, q: number): number {
  const middle = (p + q) / 2;
  const side = (share: number) => (share <= 0 ? 0 : (share / 2) * Math.log2(share / middle));
  return side(p) + side(q);
}

const termOf = (term: string, shareA: number, shareB: number): TermDivergence => ({
  ...{ term, bits: bitsOf(shareA, shareB), shareA, shareB },
});

/** Which terms a trial uses, by index, and how often. */
interface Counted {
  terms: Int32Array;
  times: Int32Array;
}

function counted(terms: readonly string[], indices: Map<string, number>): Counted {
  const times = new Map<number, number>();
  for (const term of terms) {
    const index = indices.get(term) ?? indices.size;
    indices.set(term, index);
    times.set(index, (times.get(index) ?? 0) + 1);
  }
  return { terms: Int32Array.from(times.keys()), times: Int32Array.from(times.values()) };
}

function add(shares: Float64Array, { terms, times }: Counted, weight: number): void {
  for (let at = 0; at < terms.length; at++) {
    const index = terms[at] ?? 0;
    shares[index] = (shares[index] ?? 0) + weight * (times[at] ?? 0);
  }
}

/** Makes shares of weights, which may be off by rounding; false where there are none. */
function normalize(weights: Float64Array): boolean {
  let sum = 0;
  for (const weight of weights) sum += weight;
  if (sum < 1e-9) return false;
  for (let at = 0; at < weights.length; at++) weights[at] = (weights[at] ?? 0) / sum;
  return true;
}

/** Puts some of the items, chosen by chance, first. */
function deal<T>(items: T[], count: number, random: Random): void {
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(random() * (items.length - at));
    const [here, there] = [items[at], items[other]];
    if (here === undefined || there === undefined) continue;
    items[at] = there;
    items[other] = here;
  }
}
