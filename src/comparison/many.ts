import type { ManyComparison, PairComparison } from '../schema/comparison.ts';
import { isUnscored } from '../schema/score.ts';
import { mean } from '../statistic/mean.ts';
import { frontier } from './frontier.ts';
import { completion } from './measure/completion.ts';
import { isScored, type TrialSet } from './trial-set.ts';

/** What can be said of three sets or more together; `keys` name them in their order. */
export function compareMany(
  sets: readonly TrialSet[],
  keys: readonly string[],
  pairs: readonly PairComparison[],
): ManyComparison {
  const completionOf = new Map(sets.map((set, at) => [keys[at] ?? '', meanCompletion(set)]));
  const byCompletion = [...keys].sort((x, y) => (completionOf.get(y) ?? 0) - (completionOf.get(x) ?? 0));
  const apart = new Set(pairs.filter(isToldApart).flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
  const together = (x: string, y: string) => !apart.has(`${x} ${y}`);
  return { groups: cliques(byCompletion, together), frontier: frontier(sets, keys) };
}

function isToldApart({ verdict: { kind } }: PairComparison): boolean {
  return kind === 'better' || kind === 'worse';
}

function meanCompletion({ trials }: TrialSet): number {
  const rewards = trials.filter(isScored).map(({ score }) => completion.of(score));
  const values = rewards.flatMap((reward) => (isUnscored(reward) ? [] : [reward]));
  return values.length === 0 ? 0 : mean(values);
}

/** The largest groups in which every two are together, in the order of their members (Bron and Kerbosch). */
function cliques(all: readonly string[], together: (x: string, y: string) => boolean): string[][] {
  const found: string[][] = [];
  const grow = (own: string[], open: readonly string[], done: readonly string[]) => {
    if (open.length === 0 && done.length === 0) found.push(own);
    open.forEach((one, at) => {
      const fits = (other: string) => together(one, other);
      grow([...own, one], open.slice(at + 1).filter(fits), [...done, ...open.slice(0, at)].filter(fits));
    });
  };
  grow([], all, []);
  return found;
}
