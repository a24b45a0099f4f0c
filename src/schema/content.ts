import { z } from 'zod';
import { type Body, base64Body, body } from './body.ts';
import { otherText } from './other-content.ts';

/** One block of a tool's result, as MCP has them; bodies may lie beside the log. */
export const content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: body }),
  z.strictObject({ type: z.literal('image'), mimeType: z.string(), data: base64Body }),
  z.strictObject({ type: z.literal('audio'), mimeType: z.string(), data: base64Body }),
  /** Any other MCP block (resource, resource_link), kept as its JSON text. */
  z.strictObject({ type: z.literal('other'), json: body }),
]);
/** A content block as an event holds it. */
export type StoredContent = z.infer<typeof content>;

/** A content block in memory, with its text whole. */
export type Content =
  | { type: 'text'; text: string }
  | { type: 'image' | 'audio'; mimeType: string; data: string }
  | { type: 'other'; json: string };

/** Gives what stands in a body's place; `kind` says what its text is. */
export type BodyChange = (body: Body, kind: 'text' | 'base64') => Body;

/** A content block with its body changed. */
export function mapBlock(block: StoredContent, change: BodyChange): StoredContent {
  const { type } = block;
  if (type === 'text') return { type, text: change(block.text, 'text') };
  if (type === 'other') return { type, json: change(block.json, 'text') };
  return { type, mimeType: block.mimeType, data: change(block.data, 'base64') };
}

/** The text a model or a search sees of content blocks. */
export function textOf(blocks: readonly Content[]): string {
  return blocks
    .map((block) => {
      if (block.type === 'text') return block.text;
      if (block.type === 'other') return otherText(block.json);
      return `[${block.type} ${block.mimeType}]`;
    })
    .join('\n');
}
