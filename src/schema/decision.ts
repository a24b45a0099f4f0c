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

/** What a wrapper did for one decision. */
const wrapping = z.discriminatedUnion('by', [
  /** Asked again: why each answer before was not taken. */
  z.strictObject({ by: z.literal('retry'), failed: z.array(z.string()) }),
  /** Asked `of` times: how often the calls that were taken came, and the calls of the other answers, or why there was none. */
  z.strictObject({
    by: z.literal('vote'),
    of: z.int().positive(),
    agreed: z.int().positive(),
    others: z.array(z.string()),
  }),
  /** Decided by the agent that took over; why stands where it did. */
  z.strictObject({ by: z.literal('escalate'), agent: z.string(), because: z.string().optional() }),
]);
export type Wrapping = z.infer<typeof wrapping>;

/** A model call of a program beside its decisions. */
const sideCall = z.strictObject({
  conversation: z.string(),
  /** What it was for, such as `title` or `compaction`; `other` where that is not known. */
  kind: z.string(),
  model: z.string().optional(),
  usage: tokenUsage.optional(),
});
export type SideCall = z.infer<typeof sideCall>;

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
  /** The conversation with the model in which it was decided, where an agent has several. */
  conversation: z.string().optional(),
  /** Model calls since the last decision that decided nothing, such as one for a title; their tokens and cost are counted in. */
  side: z.array(sideCall).optional(),
  /** Calls of the decision before whose answers a program was no longer there to read, by their ids. */
  unread: z.array(z.string()).optional(),
  /** Failed requests before this answer. */
  retries: z.array(z.strictObject({ reason: z.string(), waitedMs: z.number() })).optional(),
  /** What wrappers around the agent did to come to it, innermost first. */
  wrapped: z.array(wrapping).optional(),
});
export type Decision = z.infer<typeof decision>;

/** A decision as a program makes it: its calls are not numbered yet. */
export const programDecision = decision
  .extend({
    calls: z
      .array(
        decidedCall.omit({ callId: true }).extend({ arguments: decidedCall.shape.arguments.default({}) }),
      )
      .default([]),
  })
  .omit({ unseen: true, unread: true, wrapped: true, conversation: true, side: true })
  .refine(
    ({ calls, text, stop }) => calls.length > 0 || text !== undefined || stop !== undefined,
    'expected calls, text or stop',
  );

/** A decision as an event holds it: long texts may lie beside the log. */
export const storedDecision = decision.extend({
  text: body.optional(),
  reasoning: body.optional(),
  calls: z.array(decidedCall.omit({ arguments: true, exact: true }).extend({ arguments: body })),
  native: body.optional(),
});
export type StoredDecision = z.infer<typeof storedDecision>;
