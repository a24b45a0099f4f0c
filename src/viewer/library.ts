import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ProctorError, unlessFailed } from '../errors.ts';
import { processExists } from '../sandbox/process-owner.ts';
import type { Run, RunTrial } from '../schema/run.ts';
import { findTraces, foldersIn } from '../trace/find-trace.ts';
import { holdsTrace } from '../trace/location.ts';
import { readRun, runFile, runStamp } from '../trace/run-file.ts';
import { openTrace } from '../trace/trace-file.ts';

/** The runs that may be looked at; nothing else on the disk is ever read. */
export interface Library {
  /** Newest first. */
  runs(): Run[];
  /** Throws `not-found`. */
  run(id: string): { run: Run; dir: string };
  /** Throws `not-found`. */
  trial(run: string, id: string): { entry: RunTrial; dir: string };
}

/** What was asked to be looked at. */
export interface Choice {
  library: Library;
  /** Where the page opens; absent for the list of runs. */
  run?: string;
  trial?: string;
}

/**
 * Takes a folder of runs, or a run or trace as `findTraces` does; the runs beside that one belong to it, since forks lead
 * from one to another. Throws `not-found` or `bad-flag`.
 */
export function chooseRuns(
  reference: string | undefined,
  tracesDir: string,
  { mayBeEmpty = false } = {},
): Choice {
  if (reference === undefined || isFolderOfRuns(reference)) {
    const dir = resolve(reference ?? tracesDir);
    if (!isFolderOfRuns(dir) && !mayBeEmpty) throw new ProctorError('not-found', `${dir}: no run here`);
    return { library: createLibrary(() => runFoldersIn(dir)) };
  }
  const traces = findTraces(reference, tracesDir);
  const first = traces[0];
  if (!first) throw new ProctorError('not-found', `${reference}: no trial was recorded`);
  const dir = resolve(dirname(first.dir));
  const library = createLibrary(() => [...new Set([dir, ...runFoldersIn(dirname(dir))])]);
  const { run } = readOrMakeRun(dir);
  return { library, run, ...(isOneTrial(reference, first.trial) && { trial: first.trial }) };
}

/** A library over the folders that `folders` names each time it is asked; of two runs of one name the first is kept. */
export function createLibrary(folders: () => string[]): Library {
  const dirs = new Map<string, string>();
  const read = createRunReader();

  function runs(): Run[] {
    const all = folders().flatMap((dir) => {
      // A run that cannot be read does not keep others from being looked at.
      const run = unlessFailed(() => read(dir));
      if (!run || (dirs.get(run.run) ?? dir) !== dir) return [];
      dirs.set(run.run, dir);
      return run;
    });
    return all.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  function run(id: string): { run: Run; dir: string } {
    if (!dirs.has(id)) runs();
    const dir = dirs.get(id);
    if (dir === undefined) throw new ProctorError('not-found', `no run ${id} here`);
    return { run: read(dir), dir };
  }

  return {
    runs,
    run,
    trial(runId, id) {
      const found = run(runId);
      const entry = found.run.trials.find(({ trial }) => trial === id);
      if (!entry) throw new ProctorError('not-found', `no trial ${id} in run ${runId}`);
      return { entry, dir: join(found.dir, entry.dir) };
    },
  };
}

/** Reads runs; one that did not go on since is the same object again, unless its process has gone meanwhile. */
function createRunReader(): (dir: string) => Run {
  const known = new Map<string, { stamp: string; run: Run }>();
  return (dir) => {
    const stamp = existsSync(join(dir, runFile)) ? runStamp(dir) : `${statSync(dir).mtimeMs}`;
    const before = known.get(dir);
    const run = asItIs(before?.stamp === stamp ? before.run : readOrMakeRun(dir));
    known.set(dir, { stamp, run });
    return run;
  };
}

/** A run whose process is gone cannot say so itself. */
function asItIs(run: Run): Run {
  return run.status === 'running' && !processExists(run.pid) ? { ...run, status: 'interrupted' } : run;
}

function isOneTrial(reference: string, trial: string): boolean {
  if (existsSync(reference)) return statSync(reference).isFile() || holdsTrace(resolve(reference));
  return reference !== 'last' && trial.startsWith(reference);
}

/** Whether a folder is there that holds the folder of a run. */
export function isFolderOfRuns(dir: string): boolean {
  return existsSync(dir) && statSync(dir).isDirectory() && runFoldersIn(dir).length > 0;
}

function runFoldersIn(dir: string): string[] {
  return foldersIn(dir)
    .map((name) => join(dir, name))
    .filter((folder) => existsSync(join(folder, runFile)));
}

/** Traces that were copied without their `run.json` are shown as a run of their own. */
function readOrMakeRun(dir: string): Run {
  if (existsSync(join(dir, runFile))) return readRun(dir);
  const folders = readdirSync(dir).filter((name) => holdsTrace(join(dir, name)));
  const starts = folders.map((folder) => ({ folder, ...endsOf(join(dir, folder)) }));
  return {
    version: 1,
    run: basename(dir),
    proctor: starts[0]?.started?.proctor ?? '',
    startedAt: starts[0]?.started?.at ?? '',
    status: 'done',
    pid: 0,
    config: { tasks: [], agents: [], attempts: 1, seed: '', sandbox: '', limits: {}, options: {} },
    skipped: [],
    trials: starts.flatMap(({ folder, started, ended }) =>
      started
        ? {
            trial: folder,
            task: started.task.name,
            agent: started.agent.id,
            attempt: started.attempt,
            dir: folder,
            status: 'ended' as const,
            ...(ended && { outcome: ended.outcome }),
          }
        : [],
    ),
  };
}

/** The first and the last event of a trace that has them; nothing of one that cannot be read. */
function endsOf(dir: string) {
  const file = openTrace(dir);
  const started = unlessFailed(() => file.first);
  const last = started && unlessFailed(() => file.last);
  return { started, ended: last?.type === 'trial.ended' ? last : undefined };
}
