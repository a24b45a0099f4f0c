import { z } from 'zod';
import { count, share } from './quantity.ts';

/** A normal distribution, in logits. */
const normal = z.strictObject({ mean: z.number(), sd: z.number().positive() });

const bankTask = z.strictObject({
  task: z.string(),
  /** sha256 of the task's folder, and of its environment's: a task that changed is another one. */
  digest: z.string(),
  environmentDigest: z.string(),
  /** The ability at which half of the trials pass, and the standard error of that. */
  difficulty: z.number(),
  error: z.number().nonnegative(),
  /** How sharply it tells abilities apart, and the share that passes by chance; `calibrate` gives neither, other programs may. */
  discrimination: z.number().positive().optional(),
  chance: z.number().min(0).max(0.9).optional(),
  /** What it rests on: agents, their scored trials, and the share of these that passed. */
  agents: count,
  trials: count,
  passed: share,
  /** The mean of its trials, in US dollars; absent where nobody knows. */
  costUsd: z.number().nonnegative().optional(),
});
export type BankTask = z.infer<typeof bankTask>;

const bankAgent = z.strictObject({
  agent: z.string(),
  ability: z.number(),
  error: z.number().nonnegative(),
  tasks: count,
  trials: count,
  passed: share,
});

/** Difficulties of tasks, fitted to recorded trials: what `calibrate` writes, and adaptive runs choose by. */
export const bank = z.strictObject({
  version: z.literal(1),
  proctor: z.string(),
  /** The runs it was fitted to. */
  runs: z.array(z.string()),
  /** Scored trials, and those that are in no figure. */
  trials: count,
  infrastructureErrors: count,
  unscored: count,
  /** How abilities of agents are spread, and difficulties of tasks: the priors of the fit, found by it. */
  abilities: normal,
  difficulties: normal,
  /** How alike trials of one agent at one task are, from 0, as those of different tasks, to 1, always the same; absent where none was repeated. */
  alike: share.optional(),
  agents: z.array(bankAgent),
  tasks: z.array(bankTask),
});
export type Bank = z.infer<typeof bank>;
