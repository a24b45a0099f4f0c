import type { ComparedSet, Comparison, PairComparison } from '../schema/comparison.ts';
import { isUnscored } from '../schema/score.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { holm } from '../statistic/multiple.ts';
import { behaviour } from './behaviour.ts';
import { capabilities } from './capability.ts';
import { failureModes } from './failure-mode.ts';
import { flips } from './flip.ts';
import { heldOutChanges, heldOutGap } from './held-out.ts';
import { compareMany } from './many.ts';
import { pairSets } from './pairing.ts';
import { scorecard } from './scorecard.ts';
import {
  isInfrastructureError,
  isScored,
  type SetTrial,
  setNames,
  type TrialFilter,
  type TrialSet,
} from './trial-set.ts';
import { completionOf, type VerdictTerms, verdict } from './verdict.ts';

export interface ComparisonOptions {
  /** Differences in completion up to this share count as none. */
  margin: number;
  /** Corrects capabilities by Benjamini and Hochberg instead of Holm. */
  explore?: boolean;
  /** What the sets were filtered by. */
  filters?: TrialFilter;
}

export const usualMargin = 0.05;

/** Compares two sets of trials or more, each pair of them. */
export function compareSets(sets: readonly TrialSet[], options: ComparisonOptions): Comparison {
  const { margin, explore = false, filters = { task: [], tag: [], agent: [] } } = options;
  const names = setNames(sets);
  const compared = sets.map((set, at) => comparedSet(set, keyOf(at), names[at] ?? set.selector));
  const pairs = judgedPairs(sets, margin).map(
    ({ i, j, paired, judged }): PairComparison => ({
      a: keyOf(i),
      b: keyOf(j),
      pairing: paired.pairing,
      ...judged,
      scorecard: scorecard(paired),
      capabilities: capabilities(paired, explore),
      behaviour: behaviour(paired, { a: keyOf(i), b: keyOf(j) }),
      failureModes: failureModes(paired),
    }),
  );
  const keys = compared.map(({ key }) => key);
  return {
    version: 1,
    sets: compared,
    filters: { task: [...filters.task], tag: [...filters.tag], agent: [...filters.agent] },
    pairs,
    ...(sets.length > 2 && { many: compareMany(sets, keys, pairs) }),
  };
}

/** What is said first of two sets, by their names. */
export type BriefPair = Pick<PairComparison, 'a' | 'b' | 'verdict' | 'heldOut' | 'matrix' | 'flips'>;

/** More agents than a reader can hold in the head are left to the whole comparison. */
export const mostAgents = 6;

/** Compares the agents of some trials in short: each pair's verdict and flips; nothing of one agent, or of more than six. */
export function compareAgents(trials: readonly SetTrial[]): BriefPair[] {
  const sets = [...groupBy(trials, ({ agent }) => agent)].map(
    ([selector, own]): TrialSet => ({ selector, trials: own, unreadable: [] }),
  );
  if (sets.length > mostAgents) return [];
  const name = (at: number) => sets[at]?.selector ?? '';
  return judgedPairs(sets, usualMargin).map(({ i, j, judged }) => ({ a: name(i), b: name(j), ...judged }));
}

/** Each pair of sets with its verdict, p being corrected for how many pairs there are. */
function judgedPairs(sets: readonly TrialSet[], margin: number) {
  const names = setNames(sets);
  const pairs = sets.flatMap((a, i) =>
    sets.slice(i + 1).map((b, after) => ({ i, j: i + 1 + after, paired: pairSets(a, b) })),
  );
  const figures = pairs.map(({ paired }) => completionOf(paired));
  const heldOut = heldOutChanges(
    pairs.map(({ i, j }) => ({
      names: { a: names[i] ?? '', b: names[j] ?? '' },
      a: sets[i]?.trials ?? [],
      b: sets[j]?.trials ?? [],
    })),
  );
  const adjusted = holm(figures.map((figure) => (isUnscored(figure) ? 1 : figure.p)));
  return pairs.map(({ i, j, paired }, at) => {
    const terms: VerdictTerms = {
      names: { a: names[i] ?? '', b: names[j] ?? '' },
      margin,
      ...(pairs.length > 1 && { adjusted: { p: adjusted[at] ?? 1, pairs: pairs.length } }),
    };
    const said = verdict(figures[at] ?? { unscored: 'no trial was scored' }, paired, terms);
    const change = heldOut[at];
    return {
      ...{ i, j, paired },
      judged: { verdict: said, ...(change && { heldOut: change }), ...flips(paired) },
    };
  });
}

/** A, B, … Z, then S27, S28, … */
const keyOf = (at: number) => (at < 26 ? String.fromCharCode(65 + at) : `S${at + 1}`);

function comparedSet({ selector, trials, unreadable }: TrialSet, key: string, name: string): ComparedSet {
  const distinct = (values: readonly string[]) => [...new Set(values)];
  const errors = trials.filter(isInfrastructureError).length;
  const gap = heldOutGap(trials);
  return {
    key,
    name,
    selector,
    runs: distinct(trials.map(({ run }) => run)),
    agents: distinct(trials.map(({ agent }) => agent)),
    tasks: distinct(trials.map(({ task }) => task)).length,
    trials: trials.length,
    infrastructureErrors: errors,
    unscored: trials.filter((trial) => !isScored(trial)).length - errors,
    unreadable: [...unreadable],
    ...(gap && { gap }),
  };
}
