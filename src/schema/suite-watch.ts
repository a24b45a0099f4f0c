import { z } from 'zod';
import { bounds, count, share } from './quantity.ts';

const watchedRun = z.strictObject({
  run: z.string(),
  /** Before the change that is watched for, or after it. */
  part: z.enum(['baseline', 'since']),
  trials: count,
  passed: share,
  /** Pairs that were used up to this run, of one fresh trial each, which went worse and better. */
  broke: count,
  fixed: count,
  /** The evidence by then that the agent does worse, and that it does otherwise; either may be looked at after every run. */
  worse: z.number().nonnegative(),
  changed: z.number().nonnegative(),
});
export type WatchedRun = z.infer<typeof watchedRun>;

const watchedAgent = z.strictObject({
  agent: z.string(),
  runs: z.array(watchedRun),
  /** Trials since the change that no fresh trial of the baseline was left for. */
  unpaired: count,
  /** The mean since the change over tasks that every run since tried, with an interval that holds at every look. */
  since: z.strictObject({ tasks: count, mean: share, interval: bounds }).optional(),
  /** Evidence that this mean is not the one that is asked for. */
  level: z.strictObject({ asked: share, evidence: z.number().nonnegative() }).optional(),
  /** Where failures of tasks that always passed before heap up (CUSUM); a hint, whose false alarms are not counted. */
  heap: z.strictObject({ run: z.string(), tasks: z.array(z.string()) }).optional(),
  /** What is beyond chance, one sentence each. */
  alarms: z.array(z.string()),
});
export type WatchedAgent = z.infer<typeof watchedAgent>;

/** Runs of a suite that are looked at again and again. */
export const suiteWatch = z.strictObject({
  version: z.literal(1),
  /** The first run after the change. */
  since: z.string(),
  agents: z.array(watchedAgent),
});
export type SuiteWatch = z.infer<typeof suiteWatch>;
