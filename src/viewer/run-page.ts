import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Run, RunTrial } from '../schema/run.ts';
import type { TrialScore } from '../schema/score.ts';
import { traceFile } from '../trace/location.ts';
import type { RunPage, TrialEntry, TrialStatus } from './api.ts';
import type { IndexShelf } from './index-shelf.ts';
import { readEnds } from './trial-ends.ts';
import { scoreOf } from './trial-score.ts';

/** Makes run pages; what has ended is read once. */
export interface RunPages {
  page(run: Run, dir: string): Promise<RunPage>;
}

export function createRunPages(shelf: IndexShelf): RunPages {
  const ended = new Map<string, TrialEntry>();
  const done = new Map<string, RunPage>();

  async function read(dir: string, trial: RunTrial, run: Run): Promise<TrialEntry> {
    const path = join(dir, trial.dir);
    const key = `${path} ${trial.head?.sha256}`;
    const known = ended.get(key);
    if (known) return known;
    const fresh = existsSync(join(path, traceFile))
      ? await readTrial(path, trial, run, shelf)
      : unread(trial, run);
    if (trial.head) ended.set(key, fresh);
    return fresh;
  }

  return {
    async page(run, dir) {
      const key = `${dir} ${run.endedAt}`;
      const known = done.get(key);
      if (known) return known;
      const trials: TrialEntry[] = [];
      for (const trial of run.trials) {
        trials.push(await read(dir, trial, run));
        await setImmediate();
      }
      const page = { run, trials };
      if (run.status === 'done') done.set(key, page);
      return page;
    },
  };
}

/** How far a trial has come, given its run as it is now. */
export function statusOf({ status, outcome }: RunTrial, run: Run): TrialStatus {
  if (status === 'ended') return outcome === undefined ? 'interrupted' : status;
  if (run.status === 'running') return status;
  return status === 'running' ? 'interrupted' : 'not started';
}

async function readTrial(path: string, trial: RunTrial, run: Run, shelf: IndexShelf): Promise<TrialEntry> {
  const { started, ended } = readEnds(path);
  const score = scoreOf(path, trial);
  return {
    ...unread(trial, run),
    tags: started?.task.tags ?? [],
    outcome: ended?.outcome ?? null,
    ...(ended?.error && { error: ended.error }),
    durationMs: ended?.durationMs ?? { unscored: 'the trace ends before the trial did' },
    ...(started?.task.reference && { referenceSteps: started.task.reference.steps }),
    ...(score ? judged(score) : await soFar(path, shelf)),
  };
}

function unread(listed: RunTrial, run: Run): TrialEntry {
  const { trial, task, agent, attempt, outcome, retryOf } = listed;
  return {
    trial,
    task,
    agent,
    attempt,
    status: statusOf(listed, run),
    ...(retryOf !== undefined && { retryOf }),
    tags: [],
    outcome: outcome ?? null,
    durationMs: { unscored: 'the trial has not ended' },
    steps: 0,
    costUsd: { unscored: 'the trial has not begun' },
    findings: [],
  };
}

function judged({ steps, safety, ...rest }: TrialScore) {
  const { findings, ...safetyRest } = safety;
  return {
    steps: steps.length,
    costUsd: rest.efficiency.costUsd,
    score: { ...rest, safety: safetyRest },
    findings: findings.map(({ step, category, severity, status }) => ({ step, category, severity, status })),
  };
}

async function soFar(path: string, shelf: IndexShelf): Promise<Pick<TrialEntry, 'steps' | 'costUsd'>> {
  const { rows } = await shelf.index(path);
  return { steps: rows.length, costUsd: rows.reduce((sum, row) => sum + row.costUsd, 0) };
}
