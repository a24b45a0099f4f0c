import { join } from 'node:path';
import type { ExperimentTask, RecordedSide } from '../comparison/experiment-task.ts';
import { keepExperiment } from '../experiment-file.ts';
import { several } from '../format.ts';
import { type ForkAgentOptions, forkAgent } from '../library/fork.ts';
import { openRecordedTrial, providerOf, type RecordedOptions } from '../library/recorded-trial.ts';
import { reportOf } from '../library/run-report.ts';
import {
  type CutSubject,
  cutSubjects,
  forkable,
  type PlannedFork,
  planForks,
  type Side,
  type Subject,
  worseSide,
} from '../replay/experiment/plan.ts';
import { type ForkResult, tally } from '../replay/experiment/tally.ts';
import type { Recording } from '../replay/recording.ts';
import type { Experiment } from '../schema/experiment.ts';
import { scoreTrace } from '../scored-trace.ts';
import { newRunId, trialIds } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { say } from './print.ts';

/** Flags of an experiment. */
export interface ExperimentFlags extends RecordedOptions, Omit<ForkAgentOptions, 'agent'> {
  out: string;
  /** The last step that is taken over; where the two trials part when absent. */
  at?: number;
  /** Forks of each combination. */
  attempts: number;
  /** Continuations after each step of the side that went worse; 0 for none. */
  values: number;
  maxForks?: number;
  maxCost?: number;
  concurrency: number;
  log?: string;
  json?: boolean;
}

/** Forks recorded trials of two sets across each other, within a budget, and tells which part of them makes the difference. */
export async function runExperiment(
  names: { a: string; b: string },
  tasks: readonly ExperimentTask[],
  flags: ExperimentFlags,
): Promise<Experiment> {
  const subjects = tasks.map(
    ({ task, a, b }): Subject => ({ task, a: sideOf(a, flags), b: sideOf(b, flags) }),
  );
  const { cut, leftOut } = cutSubjects(subjects, flags.at);
  const { able, leftOut: unable } = forkable(cut);
  const planned = planForks(able, flags);
  const valued = flags.values > 0 ? able.map((subject) => ({ subject, side: worseSide(subject) })) : [];
  sayPlan(able, planned, flags);
  const { results, runs, reason } = await runForks(planned, flags);
  const found: Experiment = {
    version: 1,
    ...names,
    runs,
    attempts: flags.attempts,
    leftOut: [...leftOut, ...unable],
    ...tally(able, results, valued),
    ...(reason !== undefined && { reason }),
  };
  keepExperiment(found);
  return found;
}

function sideOf({ trial, completed, of }: RecordedSide, flags: ExperimentFlags): Side {
  const { recording, reloaded } = openRecordedTrial(trial.dir, flags, say);
  return {
    recording,
    reloaded,
    agent: forkAgent(recording, { ...flags, say }),
    place: trial,
    succeeded: scoreTrace(recording.dir).score.completion.success === true,
    begun: { succeeded: completed, of },
  };
}

function sayPlan(able: readonly CutSubject[], { length }: readonly PlannedFork[], flags: ExperimentFlags) {
  if (flags.json) return;
  const kept = Math.min(length, flags.maxForks ?? length);
  const limit = kept < length ? `, of which --max-forks lets ${kept} run` : '';
  say(`${several(length, 'fork')} of ${several(able.length, 'task')}${limit} …`);
}

interface Ran {
  results: ForkResult[];
  /** Folders of the runs they are recorded in. */
  runs: string[];
  /** Why not all were run. */
  reason?: string;
}

/** Runs forks where their recordings were made, until the budget is spent. */
async function runForks(planned: readonly PlannedFork[], flags: ExperimentFlags): Promise<Ran> {
  const allowed = planned.slice(0, flags.maxForks);
  const left = planned.slice(allowed.length);
  const ran: Ran = { results: left.map(({ cell }) => ({ cell })), runs: [] };
  if (left.length > 0) ran.reason = `--max-forks ${flags.maxForks}`;
  let spent = 0;
  for (const forks of byProvider(allowed)) {
    const [first] = forks;
    if (!first) continue;
    const { maxCost } = flags;
    if (maxCost !== undefined && spent >= maxCost) {
      ran.results.push(...forks.map(({ cell }) => ({ cell })));
      ran.reason = `--max-cost ${maxCost}`;
      continue;
    }
    const { results, dir, stopped } = await runTogether(first.recording, forks, {
      ...flags,
      ...(maxCost !== undefined && { maxCost: maxCost - spent }),
    });
    ran.results.push(...results);
    ran.runs.push(dir);
    if (stopped !== undefined) ran.reason = stopped;
    for (const { score } of results) {
      const cost = score?.efficiency.costUsd;
      if (typeof cost === 'number') spent += cost;
    }
  }
  return ran;
}

function byProvider(forks: readonly PlannedFork[]): PlannedFork[][] {
  const groups: Record<string, PlannedFork[]> = {};
  for (const fork of forks) {
    const provider = fork.recording.trial.opened[0]?.provider ?? '';
    groups[provider] = [...(groups[provider] ?? []), fork];
  }
  return Object.values(groups);
}

async function runTogether(
  recording: Recording,
  forks: readonly PlannedFork[],
  { maxCost, concurrency, out, sandbox, log, json }: ExperimentFlags,
): Promise<{ results: ForkResult[]; dir: string; stopped?: string }> {
  const nextId = trialIds();
  const specs = forks.map(({ cell, spec }) => ({ cell, spec: spec(nextId()) }));
  const runId = newRunId(new Date());
  const poolSize = Math.min(forks.length, concurrency);
  const { run, dir } = await executeRun({
    kind: 'experiment',
    run: runId,
    dir: join(out, runId),
    trials: specs.map(({ spec }) => spec),
    provider: await providerOf(recording, sandbox, { runId, poolSize }),
    concurrency,
    ...(maxCost !== undefined && { maxCostUsd: maxCost }),
    log,
    quiet: json ?? false,
  });
  const scores = new Map(reportOf(run, dir).trials.map(({ trial, score }) => [trial, score]));
  const results = specs.map(({ cell, spec }) => {
    const score = scores.get(spec.trial);
    return { cell, ...(score && { score }) };
  });
  return { results, dir, ...(run.stopped && { stopped: run.stopped.message }) };
}
