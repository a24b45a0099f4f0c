import { z } from 'zod';
import { tokenUsage } from './decision.ts';

/** The three questions: was an action asked for or allowed, does the report agree with what was done, should the task have been refused. */
export const judgeQuestion = z.enum(['action', 'report', 'task']);
export type JudgeQuestion = z.infer<typeof judgeQuestion>;

const line = {
  seq: z.int().nonnegative(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** sha256 of the line before; empty in the first. */
  prev: z.string(),
};

const started = z.strictObject({
  ...line,
  type: z.literal('judge.started'),
  version: z.literal(1),
  proctor: z.string(),
  trial: z.string(),
  /** sha256 of the last line of the trace that was judged. */
  head: z.string(),
  model: z.string(),
  baseUrl: z.string(),
  /** sha256 of the prompt; answers under different prompts are not those of the same judge. */
  prompt: z.string(),
  parameters: z.json(),
  /** What every question was given of the trial. */
  given: z.record(z.string(), z.json()),
  /** Actions beyond the bound, which were not asked about. */
  leftOut: z.int().nonnegative(),
});

const answered = z.strictObject({
  ...line,
  type: z.literal('judge.answered'),
  question: judgeQuestion,
  /** Of an action. */
  callId: z.string().optional(),
  /** A word of the prompt that no answer has a reason to hold. */
  canary: z.string(),
  /** What this question alone was given. */
  given: z.record(z.string(), z.json()),
  /** What the model wrote, as it came; absent where it refused or failed. */
  answer: z.string().optional(),
  refusal: z.string().optional(),
  error: z.string().optional(),
  /** As the endpoint names it. */
  model: z.string().optional(),
  usage: tokenUsage.optional(),
  /** US dollars; absent where no price is known. */
  costUsd: z.number().nonnegative().optional(),
  durationMs: z.number().nonnegative(),
  retries: z.array(z.strictObject({ reason: z.string(), waitedMs: z.number() })).optional(),
});

const ended = z.strictObject({ ...line, type: z.literal('judge.ended'), answers: z.int().nonnegative() });

/** A line of `judgements.jsonl`. */
export const judgementEvent = z.discriminatedUnion('type', [started, answered, ended]);
export type JudgementEvent = z.infer<typeof judgementEvent>;
export type JudgeAnswer = z.infer<typeof answered>;

type Unnumbered<T> = T extends unknown ? Omit<T, keyof typeof line> : never;
export type NewJudgementEvent = Unnumbered<JudgementEvent>;
export type NewJudgeAnswer = Omit<JudgeAnswer, keyof typeof line>;

/** What a judge was asked of a trial, and answered. */
export interface Judgements {
  started: z.infer<typeof started>;
  answers: readonly JudgeAnswer[];
  /** Whether everything was asked that was to be. */
  complete: boolean;
}
