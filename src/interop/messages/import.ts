import type { Content } from '../../schema/content.ts';
import { type JsonObject, jsonObject } from '../../schema/json.ts';
import { conversationOf, type Turn } from '../foreign/conversation.ts';
import type { ForeignCall, ForeignStep, ForeignTrial } from '../foreign/foreign-trial.ts';
import type { Block, Conversation, Item } from './schema.ts';
import { costOf, timeOf, usageOf } from './usage.ts';

/** A conversation as a trial: each answer of the model is a step, and what follows answers it. */
export function trialOfMessages(source: Conversation, name: string): ForeignTrial {
  const { model, tools, usage, system, instructions, input, output, choices } = source;
  const messages: Item[] = [
    ...[system, instructions].flatMap((content) => (content ? [{ role: 'system' as const, content }] : [])),
    ...(source.messages ??
      (typeof input === 'string' ? [{ role: 'user' as const, content: input }] : (input ?? []))),
    ...(choices?.slice(0, 1).map(({ message }) => message) ?? []),
    ...(output ?? []),
  ];
  const reader = itemReader(model ?? undefined);
  const conversation = conversationOf(
    messages.flatMap((one, index) => reader.turns(one, `messages[${index}]`)),
  );
  const total = usageOf(usage);
  const costUsd = costOf(usage);
  const startedAt = timeOf(messages[0]?.timestamp ?? source.created ?? source.created_at);
  return {
    task: name,
    ...conversation,
    agent: { name: model ? `openai:${model}` : 'openai-messages', ...(model && { model }) },
    tools: (tools ?? []).flatMap(toolOf),
    ...(total && { usage: total }),
    ...(costUsd !== undefined && { costUsd }),
    ...(startedAt !== undefined && { startedAt }),
    losses: [...reader.losses, ...conversation.losses, ...(source.metadata == null ? [] : ['metadata'])],
  };
}

/** Chat Completions put a tool under `function`; Anthropic calls its schema `input_schema`. */
function toolOf(tool: Record<string, unknown>): ForeignTrial['tools'] {
  const { name, description, parameters, input_schema } = (tool.function ?? tool) as Record<string, unknown>;
  if (typeof name !== 'string') return [];
  const inputSchema = jsonObject.safeParse(parameters ?? input_schema).data ?? {};
  return [{ name, description: typeof description === 'string' ? description : '', inputSchema }];
}

/** Reads items one by one; those of the Responses API that follow one another are one decision. */
function itemReader(model: string | undefined) {
  const losses: string[] = [];
  let open: ForeignStep | undefined;

  /** The decision that an item of the Responses API belongs to: the one before it, where nothing came between. */
  function joined(part: Partial<ForeignStep>): Turn[] {
    const { calls = [], ...rest } = part;
    if (open) {
      open.calls.push(...calls);
      Object.assign(open, rest);
      return [];
    }
    open = { ...(model && { model }), ...rest, calls };
    return [{ decided: open }];
  }

  function message(one: Item & { role: string }, place: string): Turn[] {
    const { role, content } = one;
    const blocks =
      typeof content === 'string' ? [{ type: 'text', text: content }] : ((content ?? []) as Block[]);
    if (role === 'tool' || role === 'function') {
      const id = textOf(one.tool_call_id);
      return [answered(id, contentOf(blocks), { place, tool: textOf(one.name), at: timeOf(one.timestamp) })];
    }
    const answers = blocks.filter(isAnswer).map((block) => answerOf(block, place, one));
    const told = textIn(blocks);
    if (role !== 'assistant')
      return [
        ...answers,
        ...(told === '' && answers.length > 0
          ? []
          : [{ told, by: role === 'user' ? role : 'system' } as const]),
      ];
    const part = partOf(one, blocks);
    // An item of the Responses API says that it is one.
    if (one.type === 'message') return joined(part);
    open = undefined;
    return [{ decided: { ...(model && { model }), calls: [], ...part } }, ...answers];
  }

  return {
    losses,
    turns(one: Item, place: string): Turn[] {
      const type = textOf(one.type);
      if (one.role !== undefined && one.role !== 'assistant') open = undefined;
      if (one.role !== undefined) return message(one as Item & { role: string }, place);
      if (type === 'reasoning')
        return joined({ reasoning: textIn((one.summary ?? one.content ?? []) as Block[]) });
      if (type.endsWith('_call'))
        return joined({ calls: [callOf(one, one.call_id ?? one.id, one.name ?? type.slice(0, -5))] });
      open = undefined;
      if (type.endsWith('_call_output'))
        return [answered(textOf(one.call_id), contentIn(one.output), { place })];
      losses.push(`${place} (an item of type ${type})`);
      return [];
    },
  };
}

type MessageFields = Record<string, unknown>;

/** What an assistant's message says, asks for and took. */
function partOf(one: MessageFields, blocks: readonly Block[]): Partial<ForeignStep> {
  const text = textIn(blocks);
  const thought = blocks.flatMap(({ type, thinking }) => (type === 'thinking' ? [textOf(thinking)] : []));
  const reasoning = textOf(one.reasoning_content ?? one.reasoning) || thought.join('\n');
  const usage = usageOf(one.usage);
  const costUsd = costOf(one.usage);
  const at = timeOf(one.timestamp ?? one.created_at);
  const legacy = one.function_call ? [{ function: one.function_call }] : [];
  const asked: MessageFields[] = [...((one.tool_calls ?? []) as MessageFields[]), ...legacy];
  const calls = asked.map((call) => {
    const made = (call.function ?? call) as MessageFields;
    return callOf(made, call.id, made.name);
  });
  return {
    ...(at !== undefined && { at }),
    ...(text !== '' && { text }),
    ...(reasoning !== '' && { reasoning }),
    ...(usage && { usage }),
    ...(costUsd !== undefined && { costUsd }),
    calls: [...calls, ...blocks.filter(isUse).map((block) => callOf(block, block.id, block.name))],
  };
}

const isUse = ({ type }: Block) => type.endsWith('tool_use');
const isAnswer = ({ type }: Block) => type.endsWith('tool_result');

function callOf(made: MessageFields, id: unknown, name: unknown): ForeignCall {
  const written = made.arguments ?? made.input ?? made.args ?? made.action ?? {};
  return { id: textOf(id), tool: textOf(name), ...argumentsOf(written) };
}

function argumentsOf(written: unknown): { arguments: JsonObject; malformed?: string } {
  try {
    const value = typeof written === 'string' ? JSON.parse(written === '' ? '{}' : written) : written;
    const parsed = jsonObject.safeParse(value);
    if (parsed.success) return { arguments: parsed.data };
  } catch {
    // What is no JSON is kept as it was written.
  }
  return { arguments: {}, malformed: typeof written === 'string' ? written : JSON.stringify(written) };
}

function answerOf(block: Block, place: string, { timestamp }: MessageFields): Turn {
  return answered(textOf(block.tool_use_id), contentIn(block.content), {
    place,
    at: timeOf(timestamp),
    isError: block.is_error === true,
  });
}

function answered(
  id: string,
  content: Content[],
  about: { place: string; tool?: string; at?: string | undefined; isError?: boolean },
): Turn {
  const { place, tool, at, isError = false } = about;
  return { answered: { id, ...(tool && { tool }), place, result: { content, isError, ...(at && { at }) } } };
}

const contentIn = (value: unknown): Content[] =>
  Array.isArray(value) ? contentOf(value as Block[]) : [{ type: 'text', text: plain(value) }];

const contentOf = (blocks: readonly Block[]): Content[] =>
  blocks.map((block) =>
    typeof block.text === 'string'
      ? { type: 'text', text: block.text }
      : { type: 'other', json: JSON.stringify(block) },
  );

/** The texts among blocks, whatever each of the formats calls them. */
const textIn = (blocks: readonly Block[]) =>
  blocks
    .flatMap(({ text, refusal }) => (typeof (text ?? refusal) === 'string' ? [text ?? refusal] : []))
    .join('\n');

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const plain = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
