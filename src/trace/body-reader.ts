import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';
import type { Body } from '../schema/body.ts';
import type { Content } from '../schema/content.ts';
import { mapBlock } from '../schema/event-body.ts';
import { sha256 } from './digest.ts';
import { createSecrets, type Secrets } from './secret.ts';
import type { BodyReader } from './trace.ts';

type StoredBody = Exclude<Body, string>;

/** Characters of body text kept in memory. */
const cacheLimit = 8 * 1024 * 1024;

/** Reads bodies of a folder; secrets are put back where their values are given, else their markers stay. */
export function createBodyReader(dir: string, values: Readonly<Record<string, string>> = {}): BodyReader {
  return cachedBodyReader(dir, createSecrets(values), createBodyCache());
}

/** Reads from the disk only what the cache does not hold. */
export function cachedBodyReader(dir: string, secrets: Secrets, cache: BodyCache): BodyReader {
  function stored(body: StoredBody): string {
    const known = cache.get(body);
    if (known !== undefined) return known;
    const text = decode(readBody(dir, body), body, secrets);
    cache.set(body, text);
    return text;
  }

  function text(body: Body): string {
    return typeof body === 'string' ? secrets.reveal(body) : stored(body);
  }

  return {
    text,
    json: (body) => parse(text(body), body),
    content: (blocks) => blocks.map((block) => mapBlock(block, text) as Content),
  };
}

function readBody(dir: string, body: StoredBody): Buffer {
  const path = join(dir, body.sha256);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ProctorError('bad-trace', `${path}: this body cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (sha256(bytes) !== body.sha256) {
    throw new ProctorError('bad-trace', `${path}: this body was changed: its sha256 is not its name`);
  }
  return bytes;
}

function decode(bytes: Buffer, body: StoredBody, secrets: Secrets): string {
  if (body.encoding !== 'base64') return secrets.reveal(bytes.toString(body.encoding));
  return Buffer.from(secrets.reveal(bytes.toString('latin1')), 'latin1').toString('base64');
}

function parse(text: string, body: Body): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const name = typeof body === 'string' ? 'an inline body' : `body ${body.sha256}`;
    throw new ProctorError('bad-trace', `${name}: expected JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** Texts of bodies, secrets revealed. */
export interface BodyCache {
  get(body: StoredBody): string | undefined;
  set(body: StoredBody, text: string): void;
}

/** Least recently used texts go first. */
export function createBodyCache(): BodyCache {
  const texts = new Map<string, string>();
  const keyOf = ({ encoding, sha256: digest }: StoredBody) => `${encoding} ${digest}`;
  let size = 0;

  function forget(key: string): void {
    size -= texts.get(key)?.length ?? 0;
    texts.delete(key);
  }

  return {
    get(body) {
      const key = keyOf(body);
      const text = texts.get(key);
      if (text !== undefined) {
        texts.delete(key);
        texts.set(key, text);
      }
      return text;
    },
    set(body, text) {
      const key = keyOf(body);
      if (text.length > cacheLimit / 2 || texts.has(key)) return;
      texts.set(key, text);
      size += text.length;
      for (const oldest of texts.keys()) {
        if (size <= cacheLimit) break;
        forget(oldest);
      }
    },
  };
}
