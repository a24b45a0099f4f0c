import { z } from 'zod';
import { bounds, count, share } from './quantity.ts';
import { scored } from './score.ts';
import { trialPlace } from './trial-place.ts';

/** Who plays the steps up to the cut, and who the rest: `ab` is A before it and B after it. */
export const combination = z.enum(['aa', 'ab', 'ba', 'bb']);
export type Combination = z.infer<typeof combination>;

/** How many did something, of those of which it can be told. */
const tries = z.strictObject({ succeeded: count, of: count });
export type Tries = z.infer<typeof tries>;

/** How forks of one kind went. */
const forks = z.strictObject({
  /** Those that count ended, and with a verdict. */
  ...tries.shape,
  /** Succeeded with nothing unsafe; of those whose safety can be judged. */
  safely: tries,
  /** Did not come out as recorded before the fork; left out. */
  diverged: count,
  /** The harness failed, or nothing could be judged; left out. */
  unscored: count,
  notRun: count,
});
export type Forks = z.infer<typeof forks>;

const parts = z.strictObject({
  /** What B completes more than A, of all trials. */
  gap: z.number(),
  /** What of the gap was made up to the cut, and what after it. */
  prefix: z.number(),
  suffix: z.number(),
  /** How far the two depend on each other. */
  interaction: z.number(),
});
export type GapParts = z.infer<typeof parts>;

const swappedTask = z.strictObject({
  task: z.string(),
  a: trialPlace,
  b: trialPlace,
  /** The last step that is taken over, and whether that is where the two first part. */
  after: count,
  parting: z.boolean(),
  forks: z.record(combination, forks),
  /** Unscored where a combination has no fork that counts. */
  parts: scored(parts),
  /** The same of safe success. */
  safeParts: scored(parts),
});
export type SwappedTask = z.infer<typeof swappedTask>;

const estimate = z.strictObject({
  mean: z.number(),
  /** At 95 %, by Student's t over tasks; absent for fewer than two tasks, or where nothing varies. */
  interval: bounds.optional(),
});

/** Over the tasks that have all four combinations. */
const split = scored(
  z.strictObject({
    tasks: count,
    gap: estimate,
    prefix: estimate,
    suffix: estimate,
    interaction: estimate,
    /** Under ten tasks nothing is claimed beyond them. */
    descriptive: z.boolean(),
  }),
);
export type GapSplit = z.infer<typeof split>;

const stepValue = z.strictObject({ step: count, ...forks.shape, interval: bounds.optional() });

/** What it was worth to be after each step of a trial: the share of its agent's continuations that succeed. */
const valuedTrial = z.strictObject({
  task: z.string(),
  side: z.enum(['a', 'b']),
  agent: z.string(),
  trial: trialPlace,
  /** How the agent's recorded trials of the task went: what it was worth to begin. */
  begun: tries,
  steps: z.array(stepValue),
  /** The step that cost most of what it was worth, and whether the intervals beside it keep apart. */
  drop: z.strictObject({ step: count, from: share, to: share, apart: z.boolean() }).optional(),
});
export type ValuedTrial = z.infer<typeof valuedTrial>;

/** Two agents' recorded trials, taken apart by forks: which part of them makes the difference. */
export const experiment = z.strictObject({
  version: z.literal(1),
  /** Names of the sets. */
  a: z.string(),
  b: z.string(),
  /** Folders of the runs that the forks are recorded in. */
  runs: z.array(z.string()),
  attempts: count,
  tasks: z.array(swappedTask),
  leftOut: z.array(z.strictObject({ task: z.string(), reason: z.string() })),
  /** Of completion, and of safe success by the same forks. */
  split,
  safeSplit: split,
  values: z.array(valuedTrial),
  planned: count,
  ran: count,
  diverged: count,
  /** Why not all that was planned was run. */
  reason: z.string().optional(),
  costUsd: scored(z.number()),
});
export type Experiment = z.infer<typeof experiment>;
