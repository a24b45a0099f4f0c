import { compareSets } from '../comparison/compare-sets.ts';
import { selectSets } from '../comparison/select-set.ts';
import type { TrialSet } from '../comparison/trial-set.ts';
import type { Comparison } from '../schema/comparison.ts';
import { listOf } from './list.ts';

export interface CompareOptions {
  /** Folder of recorded runs; `traces` when absent. */
  out?: string;
  /** Only these tasks or suites. */
  task?: string | readonly string[];
  /** Only tasks with one of these tags. */
  tag?: string | readonly string[];
  /** Only trials of these agents. */
  agent?: string | readonly string[];
  /** Differences in completion up to this count as none, in points of a hundred; 5 when absent. */
  margin?: number;
  /** Corrects the search for capabilities by Benjamini and Hochberg, not by Holm. */
  explore?: boolean;
}

/**
 * Compares sets of recorded trials with the first of them: each is `last`, a run, a folder of runs, `run:agent`, or several joined by
 * `+`. A pure function of their scores. Throws `not-found` or `bad-flag` naming the nearest that there is.
 */
export function compare(selectors: readonly string[], options: CompareOptions = {}): Comparison {
  return compareSelected(selectors, options).comparison;
}

/** The same, with the sets that were compared. */
export function compareSelected(
  selectors: readonly string[],
  { out = 'traces', task, tag, agent, margin = 5, explore = false }: CompareOptions,
): { sets: TrialSet[]; comparison: Comparison } {
  const filters = { task: listOf(task), tag: listOf(tag), agent: listOf(agent) };
  const sets = selectSets(selectors, out, filters);
  return { sets, comparison: compareSets(sets, { margin: margin / 100, explore, filters }) };
}
