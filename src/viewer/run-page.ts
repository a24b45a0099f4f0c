import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Run, RunTrial } from '../schema/run.ts';
import type { TrialScore } from '../schema/score.ts';
import { type SummaryRow, summarize } from '../scoring/summary.ts';
import { traceFile } from '../trace/location.ts';
import type { RunEntry, RunPage, TrialEntry } from './api.ts';
import type { IndexShelf } from './index-shelf.ts';
import { readEnds } from './trial-ends.ts';
import { scoreOf } from './trial-score.ts';

interface Read {
  entry: TrialEntry;
  score?: TrialScore;
}

/** Makes run pages; what has ended is read once. */
export interface RunPages {
  page(run: Run, dir: string): Promise<RunPage>;
}

export function createRunPages(shelf: IndexShelf): RunPages {
  const ended = new Map<string, Read>();
  const done = new Map<string, RunPage>();

  async function read(dir: string, trial: RunTrial): Promise<Read> {
    const path = join(dir, trial.dir);
    const key = `${path} ${trial.head?.sha256}`;
    const known = ended.get(key);
    if (known) return known;
    const fresh = existsSync(join(path, traceFile)) ? await readTrial(path, trial, shelf) : waiting(trial);
    if (trial.head) ended.set(key, fresh);
    return fresh;
  }

  return {
    async page(run, dir) {
      const key = `${dir} ${run.endedAt}`;
      const known = done.get(key);
      if (known) return known;
      const trials: Read[] = [];
      for (const trial of run.trials) {
        trials.push(await read(dir, trial));
        await setImmediate();
      }
      const triedAgain = new Set(run.trials.map(({ retryOf }) => retryOf));
      const counted = trials.filter(({ entry }) => !triedAgain.has(entry.trial)).flatMap(summaryRow);
      const page = { run, trials: trials.map(({ entry }) => entry), summary: summarize(counted) };
      if (run.status === 'done') done.set(key, page);
      return page;
    },
  };
}

export function runEntry({ run, startedAt, status, config, trials }: Run): RunEntry {
  return { run, startedAt, status, agents: config.agents, trials: trials.length };
}

function summaryRow({ entry, score }: Read): SummaryRow[] {
  const { task, agent, tags } = entry;
  return score ? [{ task, agent, tags, score }] : [];
}

async function readTrial(path: string, trial: RunTrial, shelf: IndexShelf): Promise<Read> {
  const { started, ended } = readEnds(path);
  const score = scoreOf(path, trial);
  const entry: TrialEntry = {
    ...waiting(trial).entry,
    tags: started?.task.tags ?? [],
    outcome: ended?.outcome ?? null,
    ...(ended?.error && { error: ended.error }),
    durationMs: ended?.durationMs ?? { unscored: 'the trace ends before the trial did' },
    ...(started?.task.reference && { referenceSteps: started.task.reference.steps }),
    ...(score ? judged(score) : await soFar(path, shelf)),
  };
  return { entry, ...(score && { score }) };
}

function waiting({ trial, task, agent, attempt, status, outcome, retryOf }: RunTrial): Read {
  return {
    entry: {
      trial,
      task,
      agent,
      attempt,
      status,
      ...(retryOf !== undefined && { retryOf }),
      tags: [],
      outcome: outcome ?? null,
      durationMs: { unscored: 'the trial has not ended' },
      steps: 0,
      costUsd: { unscored: 'the trial has not begun' },
      findings: [],
    },
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
