import { hash } from 'node:crypto';
import type { Body } from '../schema/body.ts';
import { canonicalJson } from '../schema/canonical-json.ts';
import { mapBlock, type StoredContent } from '../schema/content.ts';

export type Encoding = Exclude<Body, string>['encoding'];

const loneSurrogate = /\p{Surrogate}/u;

/** The bytes a text is stored as: UTF-8, or UTF-16 where lone surrogates would be lost in it. */
export function encodeText(text: string): { bytes: Buffer; encoding: Encoding } {
  const encoding = loneSurrogate.test(text) ? 'utf16le' : 'utf8';
  return { bytes: Buffer.from(text, encoding), encoding };
}

/** The bytes behind a base64 text, or undefined where decoding and encoding it again would change it. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** sha256 as 64 lower-case hex digits; texts are hashed as the bytes they are stored as. */
export function sha256(data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? encodeText(data).bytes : data;
  return hash('sha256', bytes, 'hex');
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
