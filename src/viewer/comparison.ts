import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { compareSets, usualMargin } from '../comparison/compare-sets.ts';
import { readKeptTrial, readTrials } from '../comparison/read-run.ts';
import { chooseSets, type RunReader } from '../comparison/select-set.ts';
import type { SetTrial } from '../comparison/trial-set.ts';
import { unlessFailed } from '../errors.ts';
import type { Comparison } from '../schema/comparison.ts';
import type { Run } from '../schema/run.ts';
import { scorersVersion } from '../score-file.ts';
import { sha256 } from '../trace/digest.ts';
import { judgementsDigest } from '../trace/judgement-file.ts';
import { traceFile } from '../trace/location.ts';
import type { Library } from './library.ts';

const noFilter = { task: [], tag: [], agent: [] };

/** No more runs, and no more comparisons, are kept in memory. */
const mostKept = 6;

/** The newest runs are read before somebody asks, unless they are longer, in trials. */
const ahead = { runs: 2, trials: 5000 };
/** How long is read ahead before others have their turn. */
const turnMs = 5;

export interface Comparer {
  /**
   * Compares sets of a library's runs, named as on the command line: `run`, `run:agent`, several joined by `+`. What was read and compared
   * last is kept as long as the traces and judgements that scores are made of stay the same. Throws as `selectSets` does.
   */
  compare(selectors: readonly string[]): Comparison;
  /** Reads trials of the newest runs whose scores are kept while nobody asks for anything, until `signal` aborts. */
  readAhead(signal: AbortSignal): Promise<void>;
}

export function createComparer(library: Library): Comparer {
  const read = new Map<string, ReturnType<typeof readTrials>>();
  const begun = new Map<string, Map<string, SetTrial>>();
  const made = new Map<string, Comparison>();

  function readWhole(dir: string, stamp: string): ReturnType<typeof readTrials> {
    const trials = readTrials(dir, begun.get(stamp));
    begun.delete(stamp);
    return trials;
  }

  async function readRunAhead(id: string, signal: AbortSignal): Promise<void> {
    const { run, dir } = library.run(id);
    if (run.trials.length > ahead.trials || run.status === 'running') return;
    const stamp = stampOf(run, dir);
    const trials = new Map<string, SetTrial>();
    begun.set(stamp, trials);
    let turn = performance.now();
    for (const entry of run.trials) {
      const trial = unlessFailed(() => readKeptTrial(dir, run.run, entry));
      if (trial) trials.set(entry.trial, trial);
      if (performance.now() - turn < turnMs) continue;
      await setTimeout(1, undefined, { ref: false });
      if (signal.aborted || !begun.has(stamp)) return;
      turn = performance.now();
    }
  }

  function compare(selectors: readonly string[]): Comparison {
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
        return kept(read, stamp, () => readWhole(dir, stamp));
      },
    };
    const sets = chooseSets(selectors, reader, noFilter);
    const key = JSON.stringify([selectors, ...stamps]);
    return kept(made, key, () => compareSets(sets, { margin: usualMargin }));
  }

  return {
    compare,
    async readAhead(signal) {
      try {
        for (const { run } of library.runs().slice(0, ahead.runs)) await readRunAhead(run, signal);
      } catch {
        // What cannot be read is said where it is asked for.
      }
    },
  };
}

/** What the scores of a run's trials are made of. */
function stampOf({ run, trials }: Run, dir: string): string {
  const of = trials.map(({ trial, dir: folder, status, head }) => {
    const own = join(dir, folder);
    const written = head?.sha256 ?? statSync(join(own, traceFile), { throwIfNoEntry: false })?.size;
    return [trial, status, written, judgementsDigest(own)].join(' ');
  });
  return sha256(JSON.stringify([run, dir, scorersVersion, of]));
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
