import { z } from 'zod';
import { count, share } from './quantity.ts';

/** A task of the suite, as far as choices look at it. */
const plannedTask = z.strictObject({
  task: z.string(),
  /** Absent where the bank does not know the task. */
  difficulty: z.number().optional(),
  error: z.number().nonnegative().optional(),
  discrimination: z.number().positive().optional(),
  chance: z.number().min(0).max(0.9).optional(),
  costUsd: z.number().nonnegative().optional(),
  /** Why it is not known. */
  unknown: z.enum(['not in the bank', 'changed since it was calibrated']).optional(),
});
export type PlannedTask = z.infer<typeof plannedTask>;

/** What choices are made by; the first line of a run's choices. */
const choicePlan = z.strictObject({
  type: z.literal('planned'),
  version: z.literal(1),
  at: z.string(),
  mode: z.enum(['adaptive', 'stratified']),
  /** File of the bank and its sha256, and how many agents and trials it rests on. */
  bank: z.strictObject({ path: z.string(), sha256: z.string(), agents: count, trials: count }),
  /** What is thought of an ability before anything was seen. */
  prior: z.strictObject({ mean: z.number(), sd: z.number().positive() }),
  /** The least and the most able agent of the bank. */
  range: z.strictObject({ low: z.number(), high: z.number() }),
  /** How alike trials of one agent at one task are; see the bank. */
  alike: share,
  agents: z.array(z.string()),
  attempts: z.int().positive(),
  tasks: z.array(plannedTask),
  /** Where an agent's tasks end: the standard error of its ability, how many there are, what the run may cost. */
  se: z.number().positive().optional(),
  maxTasks: z.int().positive().optional(),
  maxCostUsd: z.number().positive().optional(),
  /** Of what is drawn by lot. */
  seed: z.int(),
});
export type ChoicePlan = z.infer<typeof choicePlan>;

const choice = z.strictObject({
  type: z.literal('chosen'),
  at: z.string(),
  agent: z.string(),
  task: z.string(),
  /** In words: why this one. */
  reason: z.string(),
  /** What was known of the agent then; absent in a stratified run. */
  ability: z.number().optional(),
  error: z.number().positive().optional(),
  /** Fisher's, of the trials at this task. */
  information: z.number().nonnegative().optional(),
  expectedCostUsd: z.number().nonnegative().optional(),
  /** Its tasks that were under way. */
  pending: z.array(z.string()),
  trials: z.array(z.string()),
});
export type Choice = z.infer<typeof choice>;

const taskEnd = z.strictObject({
  type: z.literal('ended'),
  at: z.string(),
  agent: z.string(),
  task: z.string(),
  /** The share of its scored trials that passed; absent where there is no outcome, and then why. */
  passed: share.optional(),
  unscored: z.string().optional(),
  /** Scored trials. */
  n: count,
  costUsd: z.number().nonnegative().optional(),
});
export type TaskEnd = z.infer<typeof taskEnd>;

const choiceStop = z.strictObject({
  type: z.literal('stopped'),
  at: z.string(),
  agent: z.string(),
  why: z.enum(['precision', 'tasks', 'cost', 'all']),
  reason: z.string(),
});
export type ChoiceStop = z.infer<typeof choiceStop>;

/** A run that goes on with more money. */
const budgetRaise = z.strictObject({
  type: z.literal('raised'),
  at: z.string(),
  maxCostUsd: z.number().positive(),
});

/** A line of `choices.jsonl`: in which order a run chose its tasks, and why each. */
export const choiceLine = z.discriminatedUnion('type', [
  choicePlan,
  choice,
  taskEnd,
  choiceStop,
  budgetRaise,
]);
export type ChoiceLine = z.infer<typeof choiceLine>;
/** A line after the first. */
export type ChoiceEvent = Exclude<ChoiceLine, ChoicePlan>;
