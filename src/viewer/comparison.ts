import { statSync } from 'node:fs';
import { join } from 'node:path';
import { compareSets, usualMargin } from '../comparison/compare-sets.ts';
import { readTrials } from '../comparison/read-run.ts';
import { chooseSets, type RunReader } from '../comparison/select-set.ts';
import type { Comparison } from '../schema/comparison.ts';
import type { Run } from '../schema/run.ts';
import { scorersVersion } from '../score-file.ts';
import { jsonDigest } from '../trace/digest.ts';
import { judgementsDigest } from '../trace/judgement-file.ts';
import { traceFile } from '../trace/location.ts';
import type { Library } from './library.ts';

const noFilter = { task: [], tag: [], agent: [] };

/** No more runs, and no more comparisons, are kept in memory. */
const mostKept = 6;

/**
 * Compares sets of a library's runs, named as on the command line: `run`, `run:agent`, several joined by `+`. What was read and compared
 * last is kept as long as the traces and judgements that scores are made of stay the same. Throws as `selectSets` does.
 */
export function createComparer(library: Library): (selectors: readonly string[]) => Comparison {
  const read = new Map<string, ReturnType<typeof readTrials>>();
  const made = new Map<string, Comparison>();
  return (selectors) => {
    const ids = library.runs().map(({ run }) => run);
    const stamps = new Set<string>();
    const reader: RunReader = {
      place: 'what is looked at',
      ids: () => [...ids].reverse(),
      runs(reference) {
        const id = reference === 'last' ? ids[0] : ids.find((one) => one === reference);
        if (id === undefined) return undefined;
        const { run, dir } = library.run(id);
        const stamp = stampOf(run, dir);
        stamps.add(stamp);
        return kept(read, stamp, () => readTrials(dir));
      },
    };
    const sets = chooseSets(selectors, reader, noFilter);
    const key = JSON.stringify([selectors, ...stamps]);
    return kept(made, key, () => compareSets(sets, { margin: usualMargin }));
  };
}

/** What the scores of a run's trials are made of. */
function stampOf({ run, trials }: Run, dir: string): string {
  const of = trials.map(({ trial, dir: folder, status, head }) => {
    const own = join(dir, folder);
    const log = statSync(join(own, traceFile), { throwIfNoEntry: false });
    return [trial, status, head?.sha256 ?? log?.size, judgementsDigest(own)];
  });
  return jsonDigest([run, dir, scorersVersion, of.map(String)]);
}

/** What stands under a key; made where nothing does, and then what was asked for longest ago is forgotten. */
function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  const value = all.get(key) ?? make();
  all.delete(key);
  all.set(key, value);
  for (const oldest of all.keys()) if (all.size > mostKept) all.delete(oldest);
  return value;
}

/** More agents are not compared in the page of their own run: every two of them would be. */
const mostAgents = 6;

/** The agents of a run as sets; none where there is one alone, or too many. */
export function agentSets({ run, config: { agents } }: Run): string[] {
  return agents.length < 2 || agents.length > mostAgents ? [] : agents.map((agent) => `${run}:${agent}`);
}
