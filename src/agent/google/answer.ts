import type { GenerateContentResponse } from '@google/genai/web';
import { exactJson } from '../../schema/exact-json.ts';
import { isJsonObject, type JsonObject } from '../../schema/json.ts';

/** What a model answered, gathered from the chunks of its stream. */
export interface Answer {
  model?: string;
  /** As they came, texts that follow each other put together. */
  parts: JsonObject[];
  /** Absent while the answer is not complete; why the prompt was blocked, where it was. */
  finishReason?: string;
  /** What the endpoint says of that. */
  finishMessage?: string;
  /** As the server counts it. */
  usage: JsonObject;
}

export const emptyAnswer = (): Answer => ({ parts: [], usage: {} });

export function addChunk(answer: Answer, chunk: GenerateContentResponse): void {
  if (chunk.modelVersion) answer.model = chunk.modelVersion;
  Object.assign(answer.usage, chunk.usageMetadata);
  const blocked = chunk.promptFeedback;
  if (blocked?.blockReason) answer.finishReason = blocked.blockReason;
  if (blocked?.blockReasonMessage) answer.finishMessage = blocked.blockReasonMessage;
  const candidate = chunk.candidates?.[0];
  if (!candidate) return;
  for (const part of candidate.content?.parts ?? []) addPart(answer.parts, { ...part } as JsonObject);
  if (candidate.finishReason) answer.finishReason = candidate.finishReason;
  if (candidate.finishMessage) answer.finishMessage = candidate.finishMessage;
}

/** A text goes on where the part before is a text of the same kind that no signature has ended. */
function addPart(parts: JsonObject[], part: JsonObject): void {
  const before = parts.at(-1);
  const goesOn =
    typeof part.text === 'string' &&
    typeof before?.text === 'string' &&
    Boolean(part.thought) === Boolean(before.thought) &&
    before.thoughtSignature === undefined &&
    part.thoughtSignature === undefined;
  if (goesOn) before.text = `${before.text}${part.text}`;
  else parts.push(part);
}

/** The calls of an answer, in their order; their big integers are marked as they come. */
export const callsOf = ({ parts }: Answer): { id: string; name: string; arguments: string }[] =>
  parts.flatMap(({ functionCall }) => {
    if (!isJsonObject(functionCall)) return [];
    const { id, name, args } = functionCall;
    return {
      id: typeof id === 'string' ? id : '',
      name: typeof name === 'string' ? name : '',
      arguments: exactJson(args ?? {}),
    };
  });

/** What a model wrote, or what it thought. */
export const textOf = ({ parts }: Answer, thought: boolean): string =>
  parts
    .filter((part) => Boolean(part.thought) === thought)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('');
