/** How likely agents are to pass a task, by what they are able to: all on one scale, in logits. */
export interface Item {
  /** The ability at which a task is passed half of the time, but for `chance`. */
  difficulty: number;
  /** How sharply it tells abilities apart; 1 where only difficulties are known. */
  discrimination?: number;
  /** The share in which it is passed without any ability; 0 where absent. */
  chance?: number;
}

/** P(an agent of this ability passes). */
export function passProbability(ability: number, item: Item): number {
  const { discrimination = 1, chance = 0 } = item;
  return chance + (1 - chance) * logistic(discrimination * (ability - item.difficulty));
}

/** Fisher's information of one trial about an ability; an interval's width goes with the root of its inverse. */
export function information(ability: number, item: Item): number {
  const { discrimination = 1, chance = 0 } = item;
  const passed = passProbability(ability, item);
  return (discrimination ** 2 * (1 - passed) * (passed - chance) ** 2) / (passed * (1 - chance) ** 2);
}

/** The information of one trial for what it is expected to cost. */
export function informationPerCost(ability: number, item: Item, cost: number): number {
  return information(ability, item) / cost;
}

/**
 * The item as it looks to whoever knows its difficulty but for a standard error: passed as often over all that the difficulty may be,
 * which is a curve that is as much flatter (MacKay's approximation).
 */
export function withError(item: Item, error: number): Item {
  const { discrimination = 1 } = item;
  return {
    ...item,
    discrimination: discrimination / Math.sqrt(1 + (Math.PI / 8) * (discrimination * error) ** 2),
  };
}

/** How many trials at least bring an ability's standard error down to `error`, where each gives so much information. */
export function trialsForError(error: number, each: number, priorSd = Number.POSITIVE_INFINITY): number {
  return Math.max(0, Math.ceil((1 / error ** 2 - 1 / priorSd ** 2) / each - 1e-9));
}

export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
