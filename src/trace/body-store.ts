import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';
import { makeFolders } from '../schema/author-folder.ts';
import { type Body, inlineLimit } from '../schema/body.ts';
import { type Content, mapBlock, type StoredContent } from '../schema/content.ts';
import { decodeBase64, type Encoding, encodeText, sha256 } from './digest.ts';
import { onDisk, syncPath, writeWhole } from './disk.ts';
import { createSecrets, type Secrets } from './secret.ts';

/** Reads what lies beside a log. Throws `bad-trace` where a body is missing or its digest does not fit. */
export interface BodyReader {
  text(body: Body): string;
  json(body: Body): unknown;
  content(blocks: readonly StoredContent[]): Content[];
}

/** Puts long texts beside the log, secrets replaced. */
export interface BodyWriter {
  text(text: string): Body;
  json(value: unknown): Body;
  content(blocks: readonly Content[]): StoredContent[];
  /** Bytes, given as base64. */
  base64(data: string): Body;
}

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

type BodyCache = ReturnType<typeof createBodyCache>;

/** Texts of bodies, secrets revealed; the least recently used go first. */
export function createBodyCache() {
  const texts = new Map<string, string>();
  const keyOf = ({ encoding, sha256: digest }: StoredBody) => `${encoding} ${digest}`;
  let size = 0;

  return {
    get(body: StoredBody): string | undefined {
      const key = keyOf(body);
      const text = texts.get(key);
      if (text !== undefined) {
        texts.delete(key);
        texts.set(key, text);
      }
      return text;
    },
    set(body: StoredBody, text: string): void {
      const key = keyOf(body);
      if (text.length > cacheLimit / 2 || texts.has(key)) return;
      texts.set(key, text);
      size += text.length;
      for (const [oldest, { length }] of texts) {
        if (size <= cacheLimit) break;
        texts.delete(oldest);
        size -= length;
      }
    },
  };
}

export interface BodyStore extends BodyWriter {
  /** Begins fsync of what was stored and does not wait for it. */
  flush(): void;
  /** fsync of what is not on the disk yet. */
  sync(): void;
}

/** Stores bodies by their sha256 in one folder that all trials of a run share, and keeps the latest at hand in `cache`. */
export function createBodyStore(
  dir: string,
  secrets: Secrets,
  cache: BodyCache = createBodyCache(),
): BodyStore {
  const unsynced = new Set<string>();
  let flushing = false;
  onDisk(dir, () => makeFolders(dir));

  function store(bytes: Buffer, encoding: Encoding, plain: string): Body {
    const digest = sha256(bytes);
    const path = join(dir, digest);
    if (sizeOf(path) !== bytes.length) {
      writeWhole(path, bytes, { sync: false });
      unsynced.add(path).add(dir);
    }
    const body = { sha256: digest, bytes: bytes.length, encoding };
    cache.set(body, plain);
    return body;
  }

  function text(plain: string): Body {
    const hidden = secrets.hide(plain);
    if (hidden.length <= inlineLimit) return hidden;
    const { bytes, encoding } = encodeText(hidden);
    return store(bytes, encoding, plain);
  }

  function base64(data: string): Body {
    const bytes = data.length > inlineLimit ? decodeBase64(data) : undefined;
    return bytes === undefined ? text(data) : store(hideInBytes(bytes, secrets), 'base64', data);
  }

  return {
    text,
    json: (value) => text(JSON.stringify(value) ?? 'null'),
    base64,
    content: (blocks) =>
      blocks.map((block) =>
        mapBlock(block, (body, kind) => (kind === 'text' ? text : base64)(body as string)),
      ),
    flush() {
      if (flushing) return;
      flushing = true;
      // What could not be flushed is left to `sync`, which says why.
      void flushAll(unsynced)
        .catch(() => {})
        .finally(() => {
          flushing = false;
        });
    },
    sync() {
      for (const path of unsynced) syncPath(path);
      unsynced.clear();
    },
  };
}

async function flushAll(paths: Set<string>): Promise<void> {
  for (const path of paths) {
    paths.delete(path);
    try {
      const file = await open(path);
      await file.sync().finally(() => file.close());
    } catch (error) {
      paths.add(path);
      throw error;
    }
  }
}

/** Bytes as one character each, so that secrets are found in them too. */
function hideInBytes(bytes: Buffer, secrets: Secrets): Buffer {
  return Buffer.from(secrets.hide(bytes.toString('latin1')), 'latin1');
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
