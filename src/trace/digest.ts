import { createHash } from 'node:crypto';
import type { Body } from '../schema/body.ts';
import { canonicalJson } from '../schema/canonical-json.ts';
import type { StoredContent } from '../schema/content.ts';
import { mapBlock } from '../schema/event-body.ts';
import { encodeText } from './encoding.ts';

/** sha256 as 64 lower-case hex digits; texts are hashed as the bytes they are stored as. */
export function sha256(data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? encodeText(data).bytes : data;
  return createHash('sha256').update(bytes).digest('hex');
}

/** sha256 over the canonical JSON of a value. */
export function jsonDigest(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** sha256 over content blocks as an event holds them, the same whether their bodies are inline or not. */
export function contentDigest(blocks: readonly StoredContent[]): string {
  return jsonDigest(blocks.map((block) => mapBlock(block, bodyDigest)));
}

function bodyDigest(body: Body): string {
  return typeof body === 'string' ? sha256(body) : body.sha256;
}
