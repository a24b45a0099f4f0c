import { z } from 'zod';
import { instanceTag } from './instance.ts';
import { limits } from './limits.ts';
import { outcome } from './outcome.ts';

const head = z.strictObject({ sha256: z.string(), events: z.int() });

/** A trial of a run, and how far it came. */
export const runTrial = z.strictObject({
  trial: z.string(),
  task: z.string(),
  agent: z.string(),
  attempt: z.int().positive(),
  /** Folder of the trace, relative to the run's. */
  dir: z.string(),
  status: z.enum(['waiting', 'running', 'ended']),
  outcome: outcome.optional(),
  /** The trial before this one, which ended in an infrastructure error; its folder is kept. */
  retryOf: z.string().optional(),
  /** The interrupted trial that this one continues; its folder is kept. */
  resumes: z.string().optional(),
  /** sha256 of the trace's last line and how many lines there are: what a cut tail is noticed by. */
  head: head.optional(),
  /** The same of the judgements beside the trace. */
  judged: head.optional(),
});
export type RunTrial = z.infer<typeof runTrial>;

/** What a run is for: trials that count (forks too), or a replay, a replay stopped half-way, a probe of `bisect`, an experiment's forks, a proof of a task. */
const runKind = z.enum(['trials', 'replay', 'stop', 'bisect', 'experiment', 'check']);
export type RunKind = z.infer<typeof runKind>;

/** `run.json`: what one command started, and how far it came; while it goes on, how far its trials came since is beside it. */
export const run = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  /** Absent in files of older versions; see `kindOf`. */
  kind: runKind.optional(),
  proctor: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  status: z.enum(['running', 'done', 'interrupted', 'failed']),
  /** Why it ended before all its trials were run, such as a spent budget. */
  stopped: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** Process that works on it, so that a dead run is known. */
  pid: z.int(),
  /** The database, without its password, whose workers make the trials; absent where this machine does. */
  queue: z.string().optional(),
  config: z.strictObject({
    tasks: z.array(
      z.strictObject({
        name: z.string(),
        path: z.string(),
        digest: z.string(),
        cluster: z.string().optional(),
        instance: instanceTag.optional(),
      }),
    ),
    environments: z.array(z.strictObject({ name: z.string(), digest: z.string() })).optional(),
    agents: z.array(z.string()),
    attempts: z.int().positive(),
    seed: z.string(),
    sandbox: z.string(),
    limits,
    maxCostUsd: z.number().optional(),
    options: z.record(z.string(), z.json()).default({}),
  }),
  skipped: z.array(z.strictObject({ task: z.string(), reason: z.string() })).default([]),
  trials: z.array(runTrial),
});
export type Run = z.infer<typeof run>;

/** The trials of a run that were tried again or resumed: others stand for them in every figure. */
export function supersededIn({ trials }: Pick<Run, 'trials'>): ReadonlySet<string | undefined> {
  return new Set(trials.flatMap(({ retryOf, resumes }) => [retryOf, resumes]));
}

/** Those of some trials of a run that count: not what was tried again or resumed. */
export function countedIn<T extends { trial: string }>(run: Pick<Run, 'trials'>, some: readonly T[]): T[] {
  const superseded = supersededIn(run);
  return some.filter(({ trial }) => !superseded.has(trial));
}

/** What a run was to do, and what of that it never will: trials that wait although it is over, or in which nothing could be decided. */
export function plannedIn(run: Pick<Run, 'trials' | 'status'>) {
  const planned = countedIn(run, run.trials);
  const notRun = planned.filter(
    ({ status, outcome }) => outcome === 'not-run' || (status === 'waiting' && run.status !== 'running'),
  );
  return { planned, notRun };
}

/** What a run is for; where its file does not say, its options do. */
export function kindOf({ kind, config: { options } }: Pick<Run, 'kind' | 'config'>): RunKind {
  if (kind !== undefined) return kind;
  if (options.parent === undefined || options.step !== undefined) return 'trials';
  return options.steps === undefined ? 'replay' : 'stop';
}
