import type { ComparedSet, Comparison, PairComparison } from '../schema/comparison.ts';
import { isUnscored } from '../schema/score.ts';
import { holm } from '../statistic/multiple.ts';
import { capabilities } from './capability.ts';
import { flips } from './flip.ts';
import { compareMany } from './many.ts';
import { type Paired, pairSets } from './pairing.ts';
import { scorecard } from './scorecard.ts';
import { isInfrastructureError, isScored, setNames, type TrialFilter, type TrialSet } from './trial-set.ts';
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
  const paired = sets.flatMap((a, i) =>
    sets.slice(i + 1).map((b, j) => ({ i, j: i + 1 + j, paired: pairSets(a, b) })),
  );
  const figures = paired.map((one) => completionOf(one.paired));
  const adjusted = holm(figures.map((figure) => (isUnscored(figure) ? 1 : figure.p)));
  const pairs = paired.map(({ i, j, paired: one }, at): PairComparison => {
    const terms: VerdictTerms = {
      names: { a: names[i] ?? '', b: names[j] ?? '' },
      margin,
      ...(paired.length > 1 && { adjusted: { p: adjusted[at] ?? 1, pairs: paired.length } }),
    };
    const said = verdict(figures[at] ?? { unscored: 'no trial' }, one, terms);
    return { a: keyOf(i), b: keyOf(j), verdict: said, ...parts(one, explore) };
  });
  return {
    version: 1,
    sets: compared,
    filters: { task: [...filters.task], tag: [...filters.tag], agent: [...filters.agent] },
    pairs,
    ...(sets.length > 2 && {
      many: compareMany(
        sets,
        compared.map(({ key }) => key),
        pairs,
      ),
    }),
  };
}

/** What is said of a pair beside its verdict. */
function parts(paired: Paired, explore: boolean) {
  return {
    pairing: paired.pairing,
    scorecard: scorecard(paired),
    capabilities: capabilities(paired, explore),
    ...flips(paired),
  };
}

/** A, B, … Z, then S27, S28, … */
const keyOf = (at: number) => (at < 26 ? String.fromCharCode(65 + at) : `S${at + 1}`);

function comparedSet({ selector, trials, unreadable }: TrialSet, key: string, name: string): ComparedSet {
  const distinct = (values: readonly string[]) => [...new Set(values)];
  const errors = trials.filter(isInfrastructureError).length;
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
  };
}
