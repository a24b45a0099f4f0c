import { z } from 'zod';
import { body } from './body.ts';

/** One tool call of a decision. */
const decidedCall = z.strictObject({
  /** `<step>.<index>`, from 0. */
  callId: z.string(),
  tool: z.string(),
  arguments: z.record(z.string(), z.json()),
  /** What the model wrote where its arguments were no JSON object; `arguments` is then empty. */
  malformed: z.string().optional(),
  /** The arguments as they were written, where they hold integers that a double can't; `arguments` has those rounded. */
  exact: z.string().optional(),
  /** The provider's own id of the call. */
  providerId: z.string().optional(),
});
export type DecidedCall = z.infer<typeof decidedCall>;
/** A call as a program made it. */
export type CalledTool = Pick<DecidedCall, 'tool' | 'arguments' | 'exact'>;

export const tokenUsage = z.strictObject({
  /** Cached tokens included. */
  input: z.int().nonnegative(),
  /** Reasoning tokens included. */
  output: z.int().nonnegative(),
  cached: z.int().nonnegative().optional(),
  reasoning: z.int().nonnegative().optional(),
});
export type TokenUsage = z.infer<typeof tokenUsage>;

/** What an agent decided: text, and calls to make in this order. No calls means that it stops or only talks. */
const decision = z.strictObject({
  text: z.string().optional(),
  reasoning: z.string().optional(),
  calls: z.array(decidedCall),
  /** Why there are no more calls, where the agent said so. */
  stop: z.enum(['done', 'refused', 'truncated']).optional(),
  model: z.string().optional(),
  usage: tokenUsage.optional(),
  /** US dollars; absent where no price is known. */
  costUsd: z.number().nonnegative().optional(),
  /** The provider's own items, sent back verbatim to the same model. */
  native: z.strictObject({ provider: z.string(), model: z.string(), items: z.array(z.json()) }).optional(),
  /** Names of calls that a program made of tools of its own since its last decision; nothing else is known of them. */
  unseen: z.array(z.string()).optional(),
  /** Calls of the decision before whose answers a program was no longer there to read, by their ids. */
  unread: z.array(z.string()).optional(),
  /** Failed requests before this answer. */
  retries: z.array(z.strictObject({ reason: z.string(), waitedMs: z.number() })).optional(),
});
export type Decision = z.infer<typeof decision>;

/** A decision as an event holds it: long texts may lie beside the log. */
export const storedDecision = decision.extend({
  text: body.optional(),
  reasoning: body.optional(),
  calls: z.array(decidedCall.omit({ arguments: true, exact: true }).extend({ arguments: body })),
  native: body.optional(),
});
export type StoredDecision = z.infer<typeof storedDecision>;
