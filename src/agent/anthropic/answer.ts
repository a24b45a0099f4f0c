import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';

/** What a model answered, gathered from the events of its stream. */
export interface Answer {
  model?: string;
  /** Blocks of content as they came, but for the arguments of calls. */
  blocks: JsonObject[];
  /** Arguments of calls as JSON text, by their block's place. */
  inputs: Map<number, string>;
  /** Absent while the answer is not complete. */
  stopReason?: string;
  /** Why it refused, where it says so. */
  explanation?: string;
  /** As the server counts it. */
  usage: JsonObject;
}

export const emptyAnswer = (): Answer => ({ blocks: [], inputs: new Map(), usage: {} });

/** Adds one event; what it does not know, it passes over. */
export function addEvent(answer: Answer, event: RawMessageStreamEvent): void {
  switch (event.type) {
    case 'message_start':
      if (event.message.model) answer.model = event.message.model;
      addUsage(answer, event.message.usage);
      break;
    case 'content_block_start':
      answer.blocks[event.index] = plain(event.content_block);
      break;
    case 'content_block_delta':
      addDelta(answer, event.index, plain(event.delta));
      break;
    case 'message_delta':
      if (event.delta.stop_reason) answer.stopReason = event.delta.stop_reason;
      if (event.delta.stop_details?.explanation) answer.explanation = event.delta.stop_details.explanation;
      addUsage(answer, event.usage);
  }
}

const plain = (value: object) => ({ ...value }) as JsonObject;

function addUsage(answer: Answer, usage: object | null | undefined): void {
  for (const [name, value] of Object.entries(usage ?? {})) if (value !== null) answer.usage[name] = value;
}

/** Fields of blocks that come in pieces, by the type of the piece. */
const pieces: Record<string, string> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
};

function addDelta({ blocks, inputs }: Answer, index: number, delta: JsonObject): void {
  const block = blocks[index];
  if (!block) return;
  if (delta.type === 'input_json_delta') inputs.set(index, `${inputs.get(index) ?? ''}${delta.partial_json}`);
  const field = pieces[String(delta.type)];
  if (field !== undefined) block[field] = `${block[field] ?? ''}${delta[field]}`;
  if (delta.type === 'citations_delta')
    block.citations = [...(Array.isArray(block.citations) ? block.citations : []), delta.citation as Json];
}

export const isCall = (block: JsonObject) => block.type === 'tool_use';

/** The calls of an answer, in their order. */
export function callsOf({ blocks, inputs }: Answer): { id: string; name: string; arguments: string }[] {
  return blocks.flatMap((block, index) => {
    if (!isCall(block)) return [];
    // A server may give the arguments at once.
    const whole = isJsonObject(block.input) ? JSON.stringify(block.input) : '';
    return { id: text(block.id), name: text(block.name), arguments: inputs.get(index) || whole };
  });
}

/** What stands in this field of all blocks of a type. */
export const textIn = ({ blocks }: Answer, type: string): string =>
  blocks
    .filter((block) => block.type === type)
    .map((block) => text(block[type]))
    .join('');

const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
