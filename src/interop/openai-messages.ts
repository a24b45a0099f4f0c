import { z } from 'zod';
import type { Content } from '../schema/content.ts';
import { type JsonObject, jsonObject } from '../schema/json.ts';
import { type ForeignStep, type ForeignTrial, tell } from './foreign/foreign-trial.ts';

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const content = z.union([z.string(), z.array(part)]).nullish();

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content,
  reasoning_content: z.string().nullish(),
  tool_calls: z
    .array(
      z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) }),
    )
    .nullish(),
  tool_call_id: z.string().nullish(),
});
type Message = z.infer<typeof message>;

const tool = z.looseObject({
  function: z.looseObject({
    name: z.string(),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.json()).nullish(),
  }),
});

/** Chat Completions messages: a list, or a request or record that holds one. */
export const openaiMessages = z.union([
  z.array(message).transform((messages) => ({ messages, model: undefined, tools: undefined })),
  z.looseObject({
    messages: z.array(message),
    model: z.string().nullish(),
    tools: z.array(tool).nullish(),
  }),
]);
type OpenaiMessages = z.infer<typeof openaiMessages>;

/** A conversation as a trial: each assistant message is a step, and what follows answers it. */
export function trialOfMessages({ messages, model, tools }: OpenaiMessages, name: string): ForeignTrial {
  const steps: ForeignStep[] = [];
  const told = { system: [] as string[], user: [] as string[] };
  for (const one of messages) {
    const last = steps.at(-1);
    if (one.role === 'assistant') steps.push(stepOf(one, model));
    else if (one.role === 'tool') answer(steps, one);
    else if (last) tell(last, textIn(one));
    else told[one.role === 'user' ? 'user' : 'system'].push(textIn(one));
  }
  return {
    task: name,
    instruction: told.user.join('\n\n'),
    ...(told.system.length > 0 && { guidance: told.system.join('\n\n') }),
    agent: { name: model ? `openai:${model}` : 'openai-messages', ...(model && { model }) },
    tools: (tools ?? []).map(({ function: { name, description, parameters } }) => ({
      name,
      description: description ?? '',
      inputSchema: (parameters ?? {}) as JsonObject,
    })),
    steps,
    losses: [],
  };
}

function stepOf(one: Message, model: string | null | undefined): ForeignStep {
  const text = textIn(one);
  return {
    ...(text !== '' && { text }),
    ...(one.reasoning_content && { reasoning: one.reasoning_content }),
    ...(model && { model }),
    calls: (one.tool_calls ?? []).map(({ id, function: { name, arguments: written } }) => ({
      id,
      tool: name,
      ...argumentsOf(written),
    })),
  };
}

function argumentsOf(written: string): { arguments: JsonObject; malformed?: string } {
  try {
    const parsed = jsonObject.safeParse(JSON.parse(written === '' ? '{}' : written));
    if (parsed.success) return { arguments: parsed.data };
  } catch {
    // What is no JSON is kept as it was written.
  }
  return { arguments: {}, malformed: written };
}

/** Gives an answer to the latest call of its id. */
function answer(steps: ForeignStep[], one: Message): void {
  const calls = steps.flatMap((step) => step.calls);
  const call = calls.findLast(({ id }) => id === one.tool_call_id);
  if (call) call.result = { content: contentOf(one), isError: false };
}

function contentOf({ content }: Message): Content[] {
  if (content == null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part) =>
    part.type === 'text' && part.text !== undefined
      ? { type: 'text', text: part.text }
      : { type: 'other', json: JSON.stringify(part) },
  );
}

function textIn({ content }: Message): string {
  if (content == null) return '';
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('\n');
}
