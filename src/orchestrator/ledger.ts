import type { Run, RunTrial } from '../schema/run.ts';
import { writeRun } from '../trace/run-file.ts';
import type { TrialSpec } from './trial-plan.ts';

type Entry = TrialSpec & { retryOf?: string };

interface LedgerParts extends Pick<Run, 'run' | 'kind' | 'proctor' | 'config' | 'skipped'> {
  dir: string;
  cells: readonly TrialSpec[];
  resumed?: { run: Run };
}

/** Keeps `run.json` true while the run goes on. */
export interface Ledger {
  update(cell: Entry, change: Partial<RunTrial>): void;
  /** Writes the run's end and returns it. */
  finish(status: Run['status']): Run;
}

/** Begins a run's `run.json`, or takes up the one of a run that is resumed. */
export function openLedger(parts: LedgerParts): Ledger {
  const run = begun(parts);
  const save = () => writeRun(parts.dir, run);
  const entryOf = (cell: Entry) => {
    const known = run.trials.find(({ trial }) => trial === cell.trial);
    if (known) return known;
    const entry = newEntry(cell);
    run.trials.push(entry);
    return entry;
  };
  save();
  return {
    update(cell, change) {
      Object.assign(entryOf(cell), change);
      save();
    },
    finish(status) {
      Object.assign(run, { status, endedAt: new Date().toISOString() });
      save();
      return run;
    },
  };
}

function begun({ run, kind = 'trials', proctor, config, skipped, cells, resumed }: LedgerParts): Run {
  if (resumed) return { ...resumed.run, status: 'running', pid: process.pid };
  return {
    version: 1,
    run,
    kind,
    proctor,
    startedAt: new Date().toISOString(),
    status: 'running',
    pid: process.pid,
    config,
    skipped,
    trials: cells.map(newEntry),
  };
}

function newEntry(cell: Entry): RunTrial {
  return {
    trial: cell.trial,
    task: cell.task.name,
    agent: cell.agent.id,
    attempt: cell.attempt,
    dir: cell.trial,
    status: 'waiting',
    ...(cell.retryOf !== undefined && { retryOf: cell.retryOf }),
    ...(cell.resumes !== undefined && { resumes: cell.resumes }),
  };
}
