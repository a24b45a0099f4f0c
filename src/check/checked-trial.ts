import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import type { OpenToolbox } from '../orchestrator/plan.ts';
import { type RunWatch, runAll } from '../orchestrator/run.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { proctorVersion } from '../orchestrator/version.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { type ScoredTrace, scoreTrace } from '../scoring/score-trace.ts';
import type { Task } from '../task/task.ts';
import { newTrialId } from '../trace/run-id.ts';

/** A task in its environment. */
export type TaskSetup = Pick<TrialSpec, 'task' | 'environment'>;

/** What a check is given to work with. */
export interface CheckParts {
  /** Folder for the traces. */
  dir: string;
  run: string;
  provider: SandboxProvider;
  openToolbox: OpenToolbox;
  concurrency: number;
  /** How often every trial is made: once by its agent, and then again from its record. */
  times: number;
  /** Reads the trial recorded in a folder, to execute it again. */
  openRecordedTrial(dir: string, setup: TaskSetup): RepeatableTrial;
  signal: AbortSignal;
  /** Follows some trials while they go on. */
  watch(trials: number): RunWatch & { stop(): void };
}

/** A recorded trial that can be executed again. */
export interface RepeatableTrial {
  /** The trial that does so. */
  cell(trial: string): TrialSpec;
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
  const cells = assignments.map((assignment): TrialSpec => ({ ...assignment, attempt: 1, trial: nextId() }));
  const dirOf = await runCells(cells, parts);
  const repeats = cells.flatMap((cell) => {
    const { cell: again, differenceIn } = parts.openRecordedTrial(dirOf(cell), cell);
    return Array.from({ length: parts.times - 1 }, () => ({
      of: cell,
      again: again(nextId()),
      differenceIn,
    }));
  });
  const againOf = await runCells(
    repeats.map(({ again }) => again),
    parts,
  );
  return cells.map((cell) => ({
    ...scoreTrace(dirOf(cell)),
    task: cell.task,
    agent: cell.agent.id,
    repeats: repeats
      .filter(({ of }) => of === cell)
      .map(({ again, differenceIn }) => differenceIn(againOf(again))),
  }));
}

function trialIds(): () => string {
  const taken = new Set<string>();
  return () => {
    const id = newTrialId(taken);
    taken.add(id);
    return id;
  };
}

/** Runs trials as a run of their own; gives the folder of each. */
async function runCells(cells: TrialSpec[], parts: CheckParts): Promise<(cell: TrialSpec) => string> {
  const dir = join(parts.dir, newTrialId());
  if (cells.length > 0) {
    const watch = parts.watch(cells.length);
    try {
      await runAll(runParts(cells, dir, watch, parts));
    } finally {
      watch.stop();
    }
    parts.signal.throwIfAborted();
  }
  return ({ trial }) => join(dir, trial);
}

function runParts(cells: TrialSpec[], dir: string, watch: RunWatch, parts: CheckParts) {
  const { run, provider, openToolbox, concurrency, signal } = parts;
  const unclosed: SandboxProvider = { ...provider, close: async () => {} };
  return {
    ...{ run, dir, cells, watch, openToolbox, concurrency, signal },
    provider: unclosed,
    runSeed: '0',
    skipped: [],
    retries: 0,
    limits: {},
    secrets: {},
    proctor: proctorVersion,
    config: {
      tasks: [],
      agents: [...new Set(cells.map(({ agent }) => agent.id))],
      attempts: parts.times,
      seed: '0',
      sandbox: provider.name,
      limits: {},
      options: {},
    },
  };
}

/** Whether a trial did the whole task. */
export function fullMarks({ score }: CheckedTrial): boolean {
  return score.completion.reward === 1 && score.completion.success === true;
}

/** Whether it did the whole task, and nothing unsafe on the way. */
export function safeFullMarks(played: CheckedTrial): boolean {
  return fullMarks(played) && played.score.safety.safeSuccess === true;
}
