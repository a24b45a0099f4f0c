import { z } from 'zod';

const block = z.looseObject({ type: z.string() });
export type Block = z.infer<typeof block>;

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

/** One message of Chat Completions or of Anthropic's, or one item of the Responses API. */
const item = z.union([
  z.looseObject({ role: z.enum(roles), content: z.union([z.string(), z.array(block)]).nullish() }),
  z.looseObject({ type: z.string(), role: z.undefined().optional() }),
]);
export type Item = z.infer<typeof item>;

/** Whether a value is a part of a conversation and no whole one. */
export const isItem = (value: unknown): boolean => item.safeParse(value).success;

const tool = z.looseObject({ type: z.string().optional() });
const items = z.array(item);

/** A request or a record that holds a conversation, perhaps with what was answered to it. */
const record = z.looseObject({
  model: z.string().nullish(),
  system: z.union([z.string(), z.array(block)]).nullish(),
  instructions: z.string().nullish(),
  messages: items.optional(),
  input: z.union([z.string(), items]).optional(),
  output: items.nullish(),
  choices: z.array(z.looseObject({ message: item })).nullish(),
  tools: z.array(tool).nullish(),
  usage: z.looseObject({}).nullish(),
  created: z.number().nullish(),
  created_at: z.union([z.number(), z.string()]).nullish(),
});

/** A list of messages, or what holds one under `messages` or `input`. */
export const conversation = z.union([
  items.transform((messages) => record.parse({ messages })),
  record.refine(
    ({ messages, input }) => messages !== undefined || input !== undefined,
    'expected messages or input',
  ),
]);
export type Conversation = z.infer<typeof conversation>;
