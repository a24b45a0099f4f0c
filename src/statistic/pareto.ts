import { resamplingSeed } from './bootstrap.ts';
import { clustersOf } from './cluster.ts';
import { type Random, seededRandom } from './random.ts';

/** What is paid, the less the better, and what it gives, the more the better. */
export interface Offer {
  cost: number;
  score: number;
}

/** Which offers no other beats: none costs as little and scores as much, and is better in one of both. */
export function onFrontier(offers: readonly Offer[]): boolean[] {
  return offers.map(
    (own) =>
      !offers.some(
        (other) =>
          other.cost <= own.cost &&
          other.score >= own.score &&
          (other.cost < own.cost || other.score > own.score),
      ),
  );
}

/** Which offers no mix of two others beats, since of two agents each can be given a part of the tasks. */
export function onHull(offers: readonly Offer[]): boolean[] {
  const frontier = onFrontier(offers);
  return offers.map(
    (own, at) =>
      frontier[at] === true &&
      !offers.some((less) =>
        offers.some(
          (more) => less.cost < own.cost && more.cost > own.cost && mixed(less, more, own.cost) > own.score,
        ),
      ),
  );
}

function mixed(less: Offer, more: Offer, cost: number): number {
  return less.score + ((cost - less.cost) / (more.cost - less.cost)) * (more.score - less.score);
}

/** One task, as an offer of every agent; `cluster` is what tasks share that are no independent tries. */
export interface OfferedTask {
  offers: readonly Offer[];
  cluster?: string | undefined;
}

/** How often each agent is on the frontier when the tasks, those of one cluster together, are drawn again. */
export function frontierChance(
  tasks: readonly OfferedTask[],
  { resamples = 2000, random = seededRandom(resamplingSeed) }: { resamples?: number; random?: Random } = {},
): number[] {
  const agents = tasks[0]?.offers.length ?? 0;
  const clusters = clustersOf(tasks, ({ cluster }) => cluster).map((own) => own.map(({ offers }) => offers));
  const times = new Array<number>(agents).fill(0);
  for (let sample = 0; sample < resamples; sample++) {
    const sums = Array.from({ length: agents }, () => ({ cost: 0, score: 0 }));
    for (let draw = 0; draw < clusters.length; draw++)
      for (const offers of clusters[Math.floor(random() * clusters.length)] ?? [])
        for (const [agent, sum] of sums.entries()) {
          sum.cost += offers[agent]?.cost ?? 0;
          sum.score += offers[agent]?.score ?? 0;
        }
    for (const [agent, is] of onFrontier(sums).entries()) times[agent] = (times[agent] ?? 0) + Number(is);
  }
  return times.map((count) => count / resamples);
}
