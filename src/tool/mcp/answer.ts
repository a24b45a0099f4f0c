import type { Content } from '../../schema/content.ts';
import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';

/** The answer to a tool call, as far as its shape is relied on. */
export interface ToolAnswer {
  content: readonly unknown[];
  structuredContent?: JsonObject | undefined;
  isError?: boolean | undefined;
  _meta?: Record<string, unknown> | undefined;
}

/**
 * Reads what a server answered to a call; undefined where it is no answer to one. Content that is a text or one block is taken as a list of
 * it, and what the protocol's first version called `toolResult` as text.
 */
export function readAnswer(result: JsonObject): ToolAnswer | undefined {
  const content = listOf(result);
  if (content === undefined) return undefined;
  const { structuredContent, isError, _meta } = result;
  return {
    content,
    ...(isJsonObject(structuredContent) && { structuredContent }),
    isError: isError === true,
    ...(isJsonObject(_meta) && { _meta }),
  };
}

function listOf({ content, toolResult }: JsonObject): Json[] | undefined {
  if (Array.isArray(content)) return content;
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (isJsonObject(content)) return [content];
  if (content != null) return undefined;
  if (toolResult === undefined) return [];
  return [{ type: 'text', text: typeof toolResult === 'string' ? toolResult : JSON.stringify(toolResult) }];
}

const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

/** One block as it is recorded; one of a kind that is not known, or not as its kind should be, is kept as its JSON. */
export function contentOf(block: unknown): Content {
  const { type, text, data, mimeType } = (block ?? {}) as Record<string, unknown>;
  if (type === 'text' && typeof text === 'string') return { type, text };
  if ((type === 'image' || type === 'audio') && typeof data === 'string' && base64.test(data))
    return { type, mimeType: typeof mimeType === 'string' ? mimeType : 'application/octet-stream', data };
  return { type: 'other', json: JSON.stringify(block) ?? 'null' };
}
