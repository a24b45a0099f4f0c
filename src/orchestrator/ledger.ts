import type { Run, RunTrial } from '../schema/run.ts';
import { appendChange, writeRun } from '../trace/run-file.ts';
import type { TrialSpec } from './trial-plan.ts';

/** What the account of a run says of a trial from its beginning. */
export interface LedgerTrial extends Pick<TrialSpec, 'trial' | 'attempt' | 'retryOf' | 'resumes'> {
  task: { name: string };
  agent: { id: string };
}

interface LedgerParts extends Pick<Run, 'run' | 'kind' | 'proctor' | 'config' | 'skipped' | 'queue'> {
  dir: string;
  /** Now when absent. */
  startedAt?: string;
  trials: readonly LedgerTrial[];
  resumed?: { run: Run };
}

/** Keeps account of what a run's trials come to while it goes on. */
export interface Ledger {
  update(spec: LedgerTrial, change: Partial<RunTrial>): void;
  /** Writes the run's end and returns it. */
  finish(end: Pick<Run, 'status' | 'stopped'>): Run;
}

/** Begins a run's `run.json`, or continues that of a resumed run. */
export function openLedger(parts: LedgerParts): Ledger {
  const { dir } = parts;
  const run = begun(parts);
  const entries = new Map(run.trials.map((entry) => [entry.trial, entry]));
  writeRun(dir, run);
  return {
    update(spec, change) {
      const entry = { ...(entries.get(spec.trial) ?? newEntry(spec)), ...change };
      entries.set(spec.trial, entry);
      appendChange(dir, entry);
    },
    finish(end) {
      const ended = { ...run, ...end, endedAt: new Date().toISOString(), trials: [...entries.values()] };
      writeRun(dir, ended);
      return ended;
    },
  };
}

function begun({ trials, resumed, ...parts }: LedgerParts): Run {
  const { run, kind = 'trials', proctor, config, skipped, queue } = parts;
  if (resumed) {
    const { stopped: _, endedAt: __, queue: ___, ...known } = resumed.run;
    return { ...known, status: 'running', pid: process.pid };
  }
  return {
    version: 1,
    run,
    kind,
    proctor,
    startedAt: parts.startedAt ?? new Date().toISOString(),
    status: 'running',
    pid: process.pid,
    ...(queue !== undefined && { queue }),
    config,
    skipped,
    trials: trials.map(newEntry),
  };
}

function newEntry(spec: LedgerTrial): RunTrial {
  return {
    trial: spec.trial,
    task: spec.task.name,
    agent: spec.agent.id,
    attempt: spec.attempt,
    dir: spec.trial,
    status: 'waiting',
    ...(spec.retryOf !== undefined && { retryOf: spec.retryOf }),
    ...(spec.resumes !== undefined && { resumes: spec.resumes }),
  };
}
