import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import { addCalls, type WrittenCall } from './call-parts.ts';

/** What a model answered, gathered from its chunks. */
export interface Answer {
  model?: string;
  text: string;
  refusal: string;
  /** The fields in which servers give a model's reasoning, as they came. */
  reasoning: JsonObject;
  /** Reasoning that came as a part of the content, and is not sent back. */
  thoughts: string;
  calls: WrittenCall[];
  /** Absent while the answer is not complete. */
  finishReason?: string;
  /** As the server counts it. */
  usage?: JsonObject;
}

export function emptyAnswer(): Answer {
  return { text: '', refusal: '', reasoning: {}, thoughts: '', calls: [] };
}

/**
 * Adds one chunk of a stream, or a whole completion: that is one chunk with a `message` in place of its `delta`. What has another shape
 * than expected is passed over, as by other clients. Throws where `data` is no object.
 */
export function addChunk(answer: Answer, data: unknown): void {
  if (!isJsonObject(data as Json)) throw new Error(`expected an object, got ${JSON.stringify(data)}`);
  const { model, choices, usage } = data as JsonObject;
  if (typeof model === 'string' && model !== '') answer.model = model;
  if (isJsonObject(usage)) answer.usage = { ...answer.usage, ...told(usage) };
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  if (!isJsonObject(choice)) return;
  const { delta, message, finish_reason: reason } = choice;
  if (typeof reason === 'string' && reason !== '') answer.finishReason = reason;
  if (isJsonObject(delta)) addPart(answer, delta, false);
  if (!isJsonObject(message)) return;
  // Some servers end a stream with the whole message.
  if (answer.text === '' && answer.calls.length === 0) addPart(answer, message, true);
  answer.finishReason ??= 'stop';
}

const told = (usage: JsonObject) =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)) as JsonObject;

function addPart(answer: Answer, part: JsonObject, whole: boolean): void {
  addContent(answer, part.content);
  answer.refusal += typeof part.refusal === 'string' ? part.refusal : '';
  addReasoning(answer.reasoning, part);
  if (Array.isArray(part.tool_calls)) addCalls(answer.calls, part.tool_calls, whole);
  else if (isJsonObject(part.function_call))
    addCalls(answer.calls, [{ function: part.function_call }], whole);
}

/** Adds a text, or parts of content: texts, refusals and thoughts. */
function addContent(answer: Answer, content: Json | undefined): void {
  for (const part of Array.isArray(content) ? content : [content]) {
    if (typeof part === 'string') answer.text += part;
    if (!isJsonObject(part)) continue;
    if (typeof part.text === 'string') answer.text += part.text;
    if (typeof part.refusal === 'string') answer.refusal += part.refusal;
    answer.thoughts += textIn(part.thinking);
  }
}

function textIn(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(textIn).join('');
  if (isJsonObject(value)) return textIn(value.text);
  return typeof value === 'string' ? value : '';
}

function addReasoning(reasoning: JsonObject, part: JsonObject): void {
  for (const key of ['reasoning_content', 'reasoning', 'thinking'] as const) {
    if (part[key] && typeof part[key] === 'string') reasoning[key] = `${reasoning[key] ?? ''}${part[key]}`;
  }
  for (const detail of Array.isArray(part.reasoning_details) ? part.reasoning_details : []) {
    if (!isJsonObject(detail)) continue;
    reasoning.reasoning_details ??= [];
    const details = reasoning.reasoning_details as JsonObject[];
    const begun = details.find(({ index }) => index !== undefined && index === detail.index);
    if (begun) continueDetail(begun, detail);
    else details.push({ ...detail });
  }
}

const streamed = new Set(['text', 'summary', 'data']);

function continueDetail(begun: JsonObject, detail: JsonObject): void {
  for (const [key, value] of Object.entries(detail)) {
    begun[key] = streamed.has(key) && typeof value === 'string' ? `${begun[key] ?? ''}${value}` : value;
  }
}
