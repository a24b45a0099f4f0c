import { z } from 'zod';
import { asked } from './private-split.ts';
import { bounds, count, share } from './quantity.ts';
import { scored } from './score.ts';

/** What is to be looked at in a task, and what is advised: with too few agents nothing but that. */
const healthFlag = z.strictObject({
  kind: z.enum(['too-easy', 'too-hard', 'mis-keyed', 'redundant', 'flaky']),
  advice: z.enum(['review', 'drop']),
  why: z.string(),
});
export type HealthFlag = z.infer<typeof healthFlag>;

const taskHealth = z.strictObject({
  task: z.string(),
  /** sha256 of its folder: a task that changed is another one. */
  digest: z.string(),
  agents: count,
  trials: count,
  /** The mean over agents of the share of their trials that passed. */
  passed: share,
  /** In logits, and its standard error. */
  difficulty: scored(z.strictObject({ value: z.number(), error: z.number().nonnegative() })),
  /** How far agents that do well at the other tasks do well at this one, −1 to 1 (corrected point-biserial). */
  discrimination: scored(z.number()),
  /** How often agents go both ways at it: trials that went the rarer way, of agents of whom it was tried more than once. */
  flaky: scored(z.strictObject({ rate: share, trials: count, reruns: count })),
  flags: z.array(healthFlag),
});
export type TaskHealth = z.infer<typeof taskHealth>;

/** Both groups of tasks of one agent, and how much better it is at those that everybody can read. */
const splitGap = z.strictObject({
  agent: z.string(),
  public: z.strictObject({ tasks: count, mean: share }),
  private: z.strictObject({ tasks: count, mean: share }),
  gap: z.number(),
  interval: bounds,
  p: share,
});
export type SplitGap = z.infer<typeof splitGap>;

/** Whether a suite still tells agents apart, by what they did at it. */
export const suiteHealth = z.strictObject({
  version: z.literal(1),
  runs: z.array(z.string()),
  agents: z.array(z.strictObject({ agent: z.string(), tasks: count, mean: share })),
  trials: count,
  infrastructureErrors: count,
  unscored: count,
  /** The most scored trials of one agent at one task. */
  attempts: count,
  /** Agents that were scored at more than half of the tasks: they alone compare tasks with each other. */
  whole: count,
  /** Tasks that every such agent was scored at: reliability and saturation are over these. */
  common: count,
  tasks: z.array(taskHealth),
  /** KR-20, what twice as many such tasks would have, and half as many. */
  reliability: scored(z.strictObject({ value: z.number(), twice: z.number(), half: z.number() })),
  saturation: scored(
    z.strictObject({
      index: share,
      level: z.enum(['low', 'medium', 'high', 'very high']),
      best: share,
      fifth: share,
    }),
  ),
  /** Pairs of agents that can be told apart, p after Holm's correction. */
  pairs: scored(z.strictObject({ separable: count, of: count })),
  /** Where tasks have the tag `private`, those against the others. */
  split: scored(z.array(splitGap)),
  /** Of private splits that instances among these trials are of; absent where none is. */
  asked: z.array(asked).optional(),
});
export type SuiteHealth = z.infer<typeof suiteHealth>;
