import { z } from 'zod';
import type { JsonObject } from '../../schema/json.ts';

const text = z.string().nullish();

const callDelta = z.looseObject({
  index: z.int().optional(),
  id: text,
  function: z.looseObject({ name: text, arguments: text }).optional(),
  extra_content: z.json().optional(),
});
type CallDelta = z.infer<typeof callDelta>;

const delta = z.looseObject({
  content: text,
  refusal: text,
  reasoning_content: text,
  reasoning: text,
  reasoning_details: z.array(z.record(z.string(), z.json())).nullish(),
  tool_calls: z.array(callDelta).nullish(),
});
type Delta = z.infer<typeof delta>;

const usage = z.looseObject({
  prompt_tokens: z.int().nonnegative(),
  completion_tokens: z.int().nonnegative(),
  prompt_tokens_details: z.looseObject({ cached_tokens: z.int().nullish() }).nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: z.int().nullish() }).nullish(),
});

/** A chunk of a stream, or a whole completion: that is one chunk with a `message` in place of its `delta`. */
const chunk = z.looseObject({
  model: text,
  choices: z.array(z.looseObject({ delta: delta.nullish(), message: delta.nullish(), finish_reason: text })),
  usage: usage.nullish(),
});

/** What a model answered, gathered from its chunks. */
export interface Answer {
  model?: string;
  text: string;
  refusal: string;
  /** The fields in which servers give a model's reasoning, as they came. */
  reasoning: JsonObject;
  calls: { index: number; id: string; name: string; arguments: string; extra: JsonObject }[];
  /** Absent while the answer is not complete. */
  finishReason?: string;
  usage?: z.infer<typeof usage>;
}

export function emptyAnswer(): Answer {
  return { text: '', refusal: '', reasoning: {}, calls: [] };
}

/** Adds one chunk. Throws where `data` has another shape. */
export function addChunk(answer: Answer, data: unknown): void {
  const { model, choices, usage } = chunk.parse(data);
  if (model) answer.model = model;
  if (usage) answer.usage = usage;
  const [choice] = choices;
  if (choice?.finish_reason) answer.finishReason = choice.finish_reason;
  const part = choice?.delta ?? choice?.message;
  if (!part) return;
  answer.text += part.content ?? '';
  answer.refusal += part.refusal ?? '';
  addReasoning(answer.reasoning, part);
  for (const [position, call] of part.tool_calls?.entries() ?? []) {
    addCall(answer.calls, call, call.index ?? position);
  }
}

function addReasoning(reasoning: JsonObject, part: Delta): void {
  for (const key of ['reasoning_content', 'reasoning'] as const) {
    if (part[key]) reasoning[key] = `${reasoning[key] ?? ''}${part[key]}`;
  }
  for (const detail of part.reasoning_details ?? []) {
    reasoning.reasoning_details ??= [];
    const details = reasoning.reasoning_details as JsonObject[];
    const begun = details.find(({ index }) => index !== undefined && index === detail.index);
    if (begun) continueDetail(begun, detail as JsonObject);
    else details.push({ ...detail } as JsonObject);
  }
}

const streamed = new Set(['text', 'summary', 'data']);

function continueDetail(begun: JsonObject, detail: JsonObject): void {
  for (const [key, value] of Object.entries(detail)) {
    begun[key] = streamed.has(key) && typeof value === 'string' ? `${begun[key] ?? ''}${value}` : value;
  }
}

// Some servers give every call of an answer the same index; a new id then begins a new call.
function addCall(calls: Answer['calls'], part: CallDelta, index: number): void {
  let call = calls.findLast((begun) => begun.index === index);
  if (!call || (part.id && call.id && part.id !== call.id)) {
    call = { index, id: '', name: '', arguments: '', extra: {} };
    calls.push(call);
  }
  call.id ||= part.id ?? '';
  call.name += part.function?.name ?? '';
  call.arguments += part.function?.arguments ?? '';
  if (part.extra_content !== undefined) call.extra.extra_content = part.extra_content;
}
