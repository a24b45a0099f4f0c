import { binomialAt, binomialBelow, normalQuantile } from './distribution.ts';
import { mcNemar } from './mc-nemar.ts';

/** What the smallest difference that a comparison can find depends on, besides its size. */
export interface Sensitivity {
  /** Chance of a false difference, two-sided. */
  alpha: number;
  /** Chance to find a true one. */
  power: number;
}

/** As is asked for where nobody says otherwise. */
export const usual: Sensitivity = { alpha: 0.05, power: 0.8 };

const deviates = ({ alpha, power }: Sensitivity) => normalQuantile(1 - alpha / 2) + normalQuantile(power);

/** The smallest difference of means that `tasks` paired tasks find; `spread` is the variance of a task's difference. */
export function smallestDifference(tasks: number, spread: number, sensitivity: Sensitivity = usual): number {
  return deviates(sensitivity) * Math.sqrt(spread / tasks);
}

/** How many paired tasks find a difference of means; not rounded. */
export function tasksNeeded(difference: number, spread: number, sensitivity: Sensitivity = usual): number {
  return (deviates(sensitivity) ** 2 * spread) / difference ** 2;
}

/** Shares of tasks that only one of two agents passes. */
export interface Discordance {
  onlyA: number;
  onlyB: number;
}

/** The discordance of two agents that pass a share `apart` of tasks differently, and differ by `difference` in all. */
const discordanceOf = (apart: number, difference: number): Discordance => ({
  onlyA: (apart - difference) / 2,
  onlyB: (apart + difference) / 2,
});

const mostTasks = 1e6;

/**
 * How many tasks of one trial of pass or fail McNemar's exact test needs to find a difference, where agents pass the
 * share `apart` of tasks differently. Undefined past a million.
 */
export function tasksNeededExact(
  difference: number,
  apart: number,
  { alpha, power }: Sensitivity = usual,
): number | undefined {
  const shares = discordanceOf(Math.max(apart, difference), difference);
  const suffices = (tasks: number) => powerMcNemar(tasks, shares, alpha) >= power;
  let high = Math.ceil(tasksNeededMcNemar(shares, { alpha, power }));
  while (!suffices(high)) {
    high = Math.ceil(high * 1.1) + 1;
    if (high > mostTasks) return undefined;
  }
  while (high > 1 && suffices(high - 1)) high--;
  return high;
}

/** The smallest difference that McNemar's exact test finds in so many tasks; undefined where it finds none. */
export function smallestDifferenceExact(
  tasks: number,
  apart: number,
  { alpha, power }: Sensitivity = usual,
): number | undefined {
  const suffices = (difference: number) =>
    powerMcNemar(tasks, discordanceOf(Math.max(apart, difference), difference), alpha) >= power;
  let [low, high] = [0, 1];
  if (!suffices(high)) return undefined;
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** About how many tasks of one trial of pass or fail McNemar's test needs; not rounded. */
export function tasksNeededMcNemar(
  { onlyA, onlyB }: Discordance,
  { alpha, power }: Sensitivity = usual,
): number {
  const [apart, difference] = [onlyA + onlyB, onlyB - onlyA];
  const none = normalQuantile(1 - alpha / 2) * Math.sqrt(apart);
  const some = normalQuantile(power) * Math.sqrt(apart - difference ** 2);
  return ((none + some) / difference) ** 2;
}

/** The exact chance that McNemar's exact test finds a difference in `tasks` tasks of one trial of pass or fail. */
export function powerMcNemar(tasks: number, { onlyA, onlyB }: Discordance, alpha = usual.alpha): number {
  const apart = onlyA + onlyB;
  let power = 0;
  for (let pairs = 0; pairs <= tasks && apart > 0; pairs++) {
    const likely = binomialAt(pairs, tasks, apart);
    if (likely < 1e-15) continue;
    const critical = criticalCount(pairs, alpha);
    if (critical < 0) continue;
    const share = onlyB / apart;
    power += likely * (binomialBelow(critical, pairs, share) + binomialBelow(critical, pairs, 1 - share));
  }
  return power;
}

/** The most pairs of the rarer kind that McNemar's test still calls a difference; −1 where none is. */
function criticalCount(pairs: number, alpha: number): number {
  let [low, high] = [-1, Math.ceil(pairs / 2) - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (mcNemar(middle, pairs - middle) <= alpha) low = middle;
    else high = middle - 1;
  }
  return low;
}
