import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import type { RunWatch } from '../orchestrator/run-claim.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { runTrials, type ServerListener } from '../run-trials.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { type ScoredTrace, scoreTrace } from '../scored-trace.ts';
import type { Task } from '../task/task.ts';
import { newTrialId, trialIds } from '../trace/run-file.ts';

/** A task in its environment. */
export type TaskSetup = Pick<TrialSpec, 'task' | 'environment'>;

/** What a check is given to work with. */
export interface CheckParts {
  /** Folder for the traces. */
  dir: string;
  run: string;
  provider: SandboxProvider;
  onServerMessage?: ServerListener;
  concurrency: number;
  /** How often every trial is made: once by its agent, and then again from its record. */
  times: number;
  /** Reads the trial recorded in a folder, to execute it again. */
  openRecordedTrial(dir: string, setup: TaskSetup): RepeatableTrial;
  signal: AbortSignal;
  /** Follows some trials while they run. */
  watch(trials: number): Partial<RunWatch> & { stop(): void };
}

/** A recorded trial that can be executed again. */
export interface RepeatableTrial {
  /** The trial that does so. */
  trial(id: string): TrialSpec;
  /** Where the trial recorded in a folder first came out otherwise, and why, in words; undefined where it did not. */
  differenceIn(dir: string): string | undefined;
}

/** One trial of a check, with its scores. */
export interface CheckedTrial extends Pick<ScoredTrace, 'trial' | 'score' | 'bodies' | 'dir'> {
  task: Task;
  agent: string;
  /** For each further execution, where it first came out otherwise. */
  repeats: (string | undefined)[];
}

/** Lets each agent do its task, and executes what it decided again as often as is asked for. */
export async function runCheckedTrials(
  assignments: readonly (TaskSetup & { agent: Agent })[],
  parts: CheckParts,
): Promise<CheckedTrial[]> {
  const nextId = trialIds();
  const trials = assignments.map((one): TrialSpec => ({ ...one, attempt: 1, trial: nextId() }));
  const dirOf = await runAll(trials, parts);
  const repeats = trials.flatMap((spec) => {
    const { trial: again, differenceIn } = parts.openRecordedTrial(dirOf(spec), spec);
    return Array.from({ length: parts.times - 1 }, () => ({
      of: spec,
      again: again(nextId()),
      differenceIn,
    }));
  });
  const againOf = await runAll(
    repeats.map(({ again }) => again),
    parts,
  );
  return trials.map((spec) => ({
    ...scoreTrace(dirOf(spec)),
    task: spec.task,
    agent: spec.agent.id,
    repeats: repeats
      .filter(({ of }) => of === spec)
      .map(({ again, differenceIn }) => differenceIn(againOf(again))),
  }));
}

/** Runs trials as a run of their own; gives the folder of each. */
async function runAll(trials: TrialSpec[], parts: CheckParts): Promise<(spec: TrialSpec) => string> {
  const dir = join(parts.dir, newTrialId());
  if (trials.length > 0) {
    const { run, provider, onServerMessage, concurrency, signal } = parts;
    const watch = parts.watch(trials.length);
    const unclosed: SandboxProvider = { ...provider, close: async () => {} };
    try {
      await runTrials({
        ...{ kind: 'check', run, dir, trials, provider: unclosed, concurrency, signal, watch },
        ...(onServerMessage && { onServerMessage }),
      });
    } finally {
      watch.stop();
    }
    signal.throwIfAborted();
  }
  return ({ trial }) => join(dir, trial);
}

/** Whether a trial did the whole task. */
export function fullMarks({ score }: CheckedTrial): boolean {
  return score.completion.reward === 1 && score.completion.success === true;
}

/** Whether it did the whole task, and nothing unsafe on the way. */
export function safeFullMarks(played: CheckedTrial): boolean {
  return fullMarks(played) && played.score.safety.safeSuccess === true;
}
