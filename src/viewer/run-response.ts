import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { effectsOf } from '../comparison/read-run.ts';
import { ProctorError } from '../errors.ts';
import type { Run, RunTrial } from '../schema/run.ts';
import type { TrialScore } from '../schema/score.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import { readScore, scoreKeyOf } from '../score-file.ts';
import { isLongToJudge, scoreTrace } from '../scored-trace.ts';
import { type RunSummary, runSummary } from '../scoring/run-summary.ts';
import { toldBy } from '../scoring/told-by.ts';
import { isAlarm } from '../scoring/unsafe.ts';
import { traceFile } from '../trace/location.ts';
import { openTrace } from '../trace/trace-file.ts';
import type { RunResponse, TrialEntry, TrialStatus } from './api.ts';
import { agentSets } from './comparison.ts';
import type { Library } from './library.ts';
import type { IndexCache } from './trial-index.ts';

/** Makes the page of a run in a folder. A trial that has ended is read once, and so is a run whose process has gone. */
export function createRunPages(indexOf: IndexCache): (run: Run, dir: string) => Promise<RunResponse> {
  const ended = new Map<string, TrialEntry>();
  const done = new WeakMap<Run, RunResponse>();

  async function read(dir: string, trial: RunTrial, run: Run): Promise<TrialEntry> {
    const path = join(dir, trial.dir);
    const key = `${path} ${trial.head?.sha256}`;
    const known = ended.get(key);
    if (known) return known;
    const fresh = existsSync(join(path, traceFile))
      ? await readTrial(path, trial, run, indexOf).catch((error: unknown) => unreadable(error, trial, run))
      : unread(trial, run);
    if (trial.head) ended.set(key, fresh);
    return fresh;
  }

  return async (run, dir) => {
    const known = done.get(run);
    if (known) return known;
    const trials: TrialEntry[] = [];
    for (const trial of run.trials) {
      trials.push(await read(dir, trial, run));
      await setImmediate();
    }
    const page = { run, trials, sets: agentSets(run) };
    if (run.status !== 'running') done.set(run, page);
    return page;
  };
}

/** How far a trial has come, given its run as it is now. */
export function statusOf({ status, outcome }: RunTrial, run: Run): TrialStatus {
  if (status === 'ended') return outcome === undefined ? 'interrupted' : status;
  if (run.status === 'running') return status;
  return status === 'running' ? 'interrupted' : 'not started';
}

async function readTrial(path: string, trial: RunTrial, run: Run, indexOf: IndexCache): Promise<TrialEntry> {
  const { first, last } = openTrace(path);
  const ended = last?.type === 'trial.ended' ? last : undefined;
  const score = scoreOf(path, trial);
  return {
    ...unread(trial, run),
    ...(first && kindsOf(first)),
    outcome: ended?.outcome ?? null,
    ...(ended?.error && { error: ended.error }),
    durationMs: ended?.durationMs ?? { unscored: 'the trace ends before the trial did' },
    ...(first?.task.reference && { referenceSteps: first.task.reference.steps }),
    ...(score ? judged(score) : await soFar(path, indexOf)),
  };
}

/** What a trial's task has in common with others. */
function kindsOf({ task, environment, contract }: TraceEventOf<'trial.started'>) {
  const effects = effectsOf(contract);
  return {
    tags: task.tags,
    ...(task.difficulty !== undefined && { difficulty: task.difficulty }),
    environment: basename(environment.name),
    ...(effects.length > 0 && { effects }),
  };
}

/** A trace that cannot be read keeps no other trial of its run from being looked at. */
function unreadable(error: unknown, trial: RunTrial, run: Run): TrialEntry {
  if (!(error instanceof ProctorError)) throw error;
  return { ...unread(trial, run), error: { code: error.code, message: error.message } };
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

function judged({ steps, safety, behaviour: _, ...rest }: TrialScore) {
  const { findings, ...safetyRest } = safety;
  return {
    steps: steps.length,
    costUsd: rest.efficiency.costUsd,
    score: { ...rest, safety: safetyRest },
    findings: findings.filter(isAlarm).map((finding) => {
      const { step, category, severity, status } = finding;
      return { step, category, severity, status, by: toldBy(finding) };
    }),
  };
}

async function soFar(path: string, indexOf: IndexCache): Promise<Pick<TrialEntry, 'steps' | 'costUsd'>> {
  const { rows } = await indexOf(path);
  return { steps: rows.length, costUsd: rows.reduce((sum, row) => sum + row.costUsd, 0) };
}

/** The score kept beside a trace that has ended, or one made now; undefined where it goes on or is too long for that. */
export function scoreOf(dir: string, entry: RunTrial): TrialScore | undefined {
  if (entry.status !== 'ended') return undefined;
  const kept = entry.head && readScore(dir, scoreKeyOf(entry.head.sha256));
  if (kept) return kept;
  return isLongToJudge(dir) ? undefined : scoreTrace(dir).score;
}

/**
 * Lists the runs of a library, newest first, by the scores that are kept beside their traces; nothing is scored for it.
 * A run that has not been written since and whose scores are all there is not read again.
 */
export function createRunList(library: Library): () => Promise<RunSummary[]> {
  const known = new WeakMap<Run, RunSummary>();

  async function read(run: Run): Promise<RunSummary> {
    await setImmediate();
    const { dir } = library.run(run.run);
    let missing = 0;
    const summary = runSummary(run, ({ dir: folder, head, status }) => {
      const score = head && readScore(join(dir, folder), scoreKeyOf(head.sha256));
      if (status === 'ended' && !score) missing += 1;
      return score;
    });
    if (missing === 0) known.set(run, summary);
    return summary;
  }

  return async () => {
    const summaries: RunSummary[] = [];
    for (const run of library.runs()) summaries.push(known.get(run) ?? (await read(run)));
    return summaries;
  };
}
