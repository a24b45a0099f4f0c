import type { Answered, Normal } from './ability.ts';
import { confidence } from './confidence.ts';
import { normalBelow } from './distribution.ts';
import { type Item, passProbability } from './item-response.ts';

/** A suite of which some tasks were tried. */
export interface PartlySeen {
  /** The share of passed trials of each task that was tried. */
  seen: readonly number[];
  unseen: readonly Item[];
}

/** The mean over all tasks of a suite that is expected at an ability: what was seen as it is, the rest as it is likely. */
export function pIrt({ seen, unseen }: PartlySeen, ability: number): number {
  const passed = seen.reduce((sum, share) => sum + share, 0);
  const likely = unseen.reduce((sum, item) => sum + passProbability(ability, item), 0);
  return (passed + likely) / (seen.length + unseen.length);
}

export interface SuiteEstimate {
  mean: number;
  low: number;
  high: number;
}

/** What of an ability's distribution lies outside of these deviates of its prior is left out. */
const reach = 6;
const nodes = 241;

/**
 * The mean that a suite would have if every task of it were tried `attempts` times, with its 95 % interval, which holds what nobody
 * has seen yet: the ability, by its whole distribution after the trials; the errors of the difficulties; and the luck of the trials
 * that were not run.
 */
export function estimateSuite(
  suite: PartlySeen,
  answered: readonly Answered[],
  { prior, attempts = 1 }: { prior: Normal; attempts?: number },
): SuiteEstimate {
  const tasks = suite.seen.length + suite.unseen.length;
  const abilities = Array.from(
    { length: nodes },
    (_, at) => prior.mean + prior.sd * reach * ((2 * at) / (nodes - 1) - 1),
  );
  const weights = normalized(abilities.map((ability) => logDensity(ability, answered, prior)));
  const means = abilities.map((ability) => pIrt(suite, ability));
  const spreads = abilities.map((ability) => Math.sqrt(luck(suite.unseen, ability) / attempts) / tasks);
  const below = (value: number) =>
    weights.reduce(
      (sum, weight, at) => sum + weight * stepOrNormal(value - (means[at] ?? 0), spreads[at] ?? 0),
      0,
    );
  const least = suite.seen.reduce((sum, share) => sum + share, 0) / tasks;
  const most = least + suite.unseen.length / tasks;
  return {
    mean: weights.reduce((sum, weight, at) => sum + weight * (means[at] ?? 0), 0),
    low: quantile((1 - confidence) / 2, below, least, most),
    high: quantile((1 + confidence) / 2, below, least, most),
  };
}

function logDensity(ability: number, answered: readonly Answered[], { mean, sd }: Normal): number {
  return answered.reduce(
    (sum, { item, passed, n }) => {
      const likely = Math.min(1 - 1e-12, Math.max(1e-12, passProbability(ability, item)));
      return sum + passed * Math.log(likely) + (n - passed) * Math.log1p(-likely);
    },
    -0.5 * ((ability - mean) / sd) ** 2,
  );
}

function luck(unseen: readonly Item[], ability: number): number {
  return unseen.reduce((sum, item) => {
    const likely = passProbability(ability, item);
    return sum + likely * (1 - likely);
  }, 0);
}

function normalized(logs: readonly number[]): number[] {
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

const stepOrNormal = (distance: number, spread: number) =>
  spread > 0 ? normalBelow(distance / spread) : Number(distance >= 0);

function quantile(
  probability: number,
  below: (value: number) => number,
  least: number,
  most: number,
): number {
  let [low, high] = [least, most];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (below(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
