import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import type { Dialect } from '../dialect/dialect.ts';

/** A request in which calls gave something else than they did, by the provider's ids of the calls. */
export function withResults(body: JsonObject, edited: ReadonlyMap<string, string>): JsonObject {
  if (edited.size === 0) return body;
  const { messages, input } = body;
  return {
    ...body,
    ...(Array.isArray(messages) && { messages: messages.map((one) => withResult(one, edited)) }),
    ...(Array.isArray(input) && { input: input.map((one) => withResult(one, edited)) }),
  };
}

/** A message, an item or a block with another text where it is what a call gave. */
function withResult(value: Json, edited: ReadonlyMap<string, string>): Json {
  if (!isJsonObject(value)) return value;
  const { tool_call_id: ofChat, tool_use_id: ofMessages, call_id: ofResponses, output, content } = value;
  const text = edited.get(String(ofChat ?? ofMessages ?? ofResponses));
  if (text !== undefined && output !== undefined) return { ...value, output: text };
  if (text !== undefined && ofResponses === undefined) return { ...value, content: text };
  return Array.isArray(content)
    ? { ...value, content: content.map((block) => withResult(block, edited)) }
    : value;
}

/** What a user says, as a message or an item of a request. */
export const userMessage = ({ name }: Dialect, text: string): JsonObject => ({
  ...(name === 'responses' && { type: 'message' }),
  role: 'user',
  content: text,
});
