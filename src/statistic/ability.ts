import { type Item, information, passProbability } from './item-response.ts';

/** Trials at one item: how many, and how many passed; both may be shares of trials. */
export interface Answered {
  item: Item;
  passed: number;
  n: number;
}

/** A normal distribution. */
export interface Normal {
  mean: number;
  sd: number;
}

/** An ability with its standard error. */
export interface Ability {
  value: number;
  error: number;
}

/** The most probable ability after some trials, and its error by their information and the prior's. */
export function abilityOf(answered: readonly Answered[], prior: Normal): Ability {
  let [low, high] = [prior.mean - 12 * prior.sd, prior.mean + 12 * prior.sd];
  for (let middle = prior.mean; middle > low && middle < high; middle = (low + high) / 2) {
    if (slope(middle, answered, prior) > 0) low = middle;
    else high = middle;
  }
  const value = (low + high) / 2;
  return { value, error: errorAt(value, answered, prior) };
}

/** What the standard error of an ability is after these trials, whatever comes of them. */
export function errorAt(
  ability: number,
  tried: readonly Pick<Answered, 'item' | 'n'>[],
  { sd }: Pick<Normal, 'sd'>,
): number {
  const known = tried.reduce((sum, { item, n }) => sum + n * information(ability, item), 0);
  return 1 / Math.sqrt(known + 1 / sd ** 2);
}

/** Of the logarithm of what is proportional to the ability's probability. */
function slope(ability: number, answered: readonly Answered[], { mean, sd }: Normal): number {
  return answered.reduce(
    (sum, { item, passed, n }) => {
      const { discrimination = 1, chance = 0 } = item;
      const likely = passProbability(ability, item);
      const own = (likely - chance) / (1 - chance);
      return sum + (discrimination * own * (passed - n * likely)) / likely;
    },
    (mean - ability) / sd ** 2,
  );
}
