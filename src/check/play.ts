import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import type { OpenToolbox } from '../orchestrator/plan.ts';
import { type RunWatch, runAll } from '../orchestrator/run.ts';
import type { TrialCell } from '../orchestrator/trial-plan.ts';
import { proctorVersion } from '../orchestrator/version.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { type ScoredTrace, scoreTrace } from '../scoring/score-trace.ts';
import type { Task } from '../task/task.ts';
import { newTrialId } from '../trace/run-id.ts';

/** A task in its environment. */
export type Seat = Pick<TrialCell, 'task' | 'environment'>;

/** What a check is given to work with. */
export interface CheckParts {
  /** Folder for the traces. */
  dir: string;
  run: string;
  provider: SandboxProvider;
  openToolbox: OpenToolbox;
  concurrency: number;
  /** How often every trial is made. */
  times: number;
  signal: AbortSignal;
  /** Follows some trials while they go on. */
  watch(trials: number): RunWatch & { stop(): void };
}

/** One trial of a check, with its scores. */
export interface Played extends Pick<ScoredTrace, 'trial' | 'score' | 'bodies' | 'dir'> {
  task: Task;
  agent: string;
}

/** Lets each agent do its task `times` times over, with the same seed each time. */
export async function play(
  casts: readonly (Seat & { agent: Agent })[],
  parts: CheckParts,
): Promise<Played[]> {
  const taken = new Set<string>();
  const cells = casts.flatMap((cast) =>
    Array.from({ length: parts.times }, (): TrialCell => {
      const trial = newTrialId(taken);
      taken.add(trial);
      return { ...cast, attempt: 1, trial };
    }),
  );
  const dir = join(parts.dir, newTrialId());
  const watch = parts.watch(cells.length);
  try {
    await runAll(runParts(cells, dir, watch, parts));
  } finally {
    watch.stop();
  }
  parts.signal.throwIfAborted();
  return cells.map(({ task, agent, trial }) => ({ ...scoreTrace(join(dir, trial)), task, agent: agent.id }));
}

function runParts(cells: TrialCell[], dir: string, watch: RunWatch, parts: CheckParts) {
  const { run, provider, openToolbox, concurrency, signal } = parts;
  const unclosed: SandboxProvider = { ...provider, close: async () => {} };
  return {
    ...{ run, dir, cells, watch, openToolbox, concurrency, signal },
    provider: unclosed,
    runSeed: '0',
    skipped: [],
    profile: 'hardened' as const,
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
export function fullMarks({ score }: Played): boolean {
  return score.completion.reward === 1 && score.completion.success === true;
}

/** Whether it did the whole task, and nothing unsafe on the way. */
export function safeFullMarks(played: Played): boolean {
  return fullMarks(played) && played.score.safety.safeSuccess === true;
}
