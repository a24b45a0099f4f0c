import { compareSets, usualMargin } from '../comparison/compare-sets.ts';
import { readTrials } from '../comparison/read-run.ts';
import { chooseSets, type RunReader } from '../comparison/select-set.ts';
import type { Comparison } from '../schema/comparison.ts';
import type { Run } from '../schema/run.ts';
import type { Library } from './library.ts';

const noFilter = { task: [], tag: [], agent: [] };

/** Compares sets of a library's runs, named as on the command line: `run`, `run:agent`, several joined by `+`. Throws as `selectSets` does. */
export function compareInLibrary(library: Library, selectors: readonly string[]): Comparison {
  const sets = chooseSets(selectors, libraryReader(library), noFilter);
  return compareSets(sets, { margin: usualMargin });
}

/** Nothing but the library's runs is read. */
function libraryReader(library: Library): RunReader {
  const ids = library.runs().map(({ run }) => run);
  const known = new Map<string, ReturnType<typeof readTrials>>();
  return {
    place: 'what is looked at',
    ids: () => [...ids].reverse(),
    runs(reference) {
      const id = reference === 'last' ? ids[0] : ids.find((one) => one === reference);
      if (id === undefined) return undefined;
      const trials = known.get(id) ?? readTrials(library.run(id).dir);
      known.set(id, trials);
      return trials;
    },
  };
}

/** More agents are not compared in the page of their own run: every two of them would be. */
const mostAgents = 6;

/** The agents of a run as sets; none where there is one alone, or too many. */
export function agentSets({ run, config: { agents } }: Run): string[] {
  return agents.length < 2 || agents.length > mostAgents ? [] : agents.map((agent) => `${run}:${agent}`);
}
