import { z } from 'zod';
import { callFacts, resultFacts, stepFacts, trialFacts } from '../foreign/fact.ts';

const part = z.looseObject({ type: z.string() });
const content = z.union([z.string(), z.array(part)]);

const toolCall = z.looseObject({
  id: z.string(),
  function: z.string(),
  arguments: z.record(z.string(), z.json()),
  type: z.string().nullish(),
  parse_error: z.string().nullish(),
});

const message = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content,
  id: z.string().nullish(),
  model: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: z.string().nullish(),
  function: z.string().nullish(),
  error: z.looseObject({ type: z.string(), message: z.string() }).nullish(),
});
export type InspectMessage = z.infer<typeof message>;

const usage = z.looseObject({
  input_tokens: z.int().nonnegative(),
  output_tokens: z.int().nonnegative(),
  total_tokens: z.int().nonnegative().optional(),
  input_tokens_cache_read: z.int().nonnegative().nullish(),
  reasoning_tokens: z.int().nonnegative().nullish(),
});
export type InspectUsage = z.infer<typeof usage>;

const score = z.looseObject({
  value: z.json(),
  answer: z.string().nullish(),
  explanation: z.string().nullish(),
});

/** What stands around every event of a transcript. */
const event = z.looseObject({
  event: z.string(),
  uuid: z.string().nullish(),
  timestamp: z.string(),
  working_start: z.number(),
  span_id: z.string().nullish(),
});
export type InspectEvent = z.infer<typeof event>;

const sample = z.looseObject({
  id: z.union([z.string(), z.int()]),
  epoch: z.int().positive(),
  input: z.union([z.string(), z.array(message)]),
  target: z.union([z.string(), z.array(z.string())]),
  messages: z.array(message).default([]),
  scores: z.record(z.string(), score).nullish(),
  metadata: z.record(z.string(), z.json()).optional(),
  events: z.array(event).default([]),
  model_usage: z.record(z.string(), usage).default({}),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  total_time: z.number().nullish(),
  working_time: z.number().nullish(),
  uuid: z.string().nullish(),
  store: z.record(z.string(), z.json()).default({}),
  attachments: z.record(z.string(), z.string()).default({}),
  error: z.looseObject({ message: z.string() }).nullish(),
  limit: z.looseObject({ type: z.string(), limit: z.number() }).nullish(),
});
export type InspectSample = z.infer<typeof sample>;

/** What is read of an Inspect log; more may be there. */
export const inspectLog = z.looseObject({
  version: z.literal(2),
  status: z.enum(['started', 'success', 'cancelled', 'error']),
  eval: z.looseObject({ created: z.string(), task: z.string(), model: z.string() }),
  samples: z.array(sample).nullish(),
});
export type InspectLog = z.infer<typeof inspectLog>;

export const inspectSample = sample;

/** What a sample's metadata keeps of a trace under `proctor`, for its way back. */
export const sampleFacts = z.strictObject({
  trial: trialFacts,
  steps: z.array(
    z.strictObject({
      step: stepFacts,
      calls: z.array(z.strictObject({ call: callFacts, result: resultFacts.optional() })),
    }),
  ),
});
export type SampleFacts = z.infer<typeof sampleFacts>;
