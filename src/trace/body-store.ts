import { mkdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Body, inlineLimit } from '../schema/body.ts';
import { mapBlock } from '../schema/event-body.ts';
import { type BodyCache, createBodyCache } from './body-reader.ts';
import { sha256 } from './digest.ts';
import { onDisk, syncPath, writeWhole } from './disk.ts';
import { decodeBase64, type Encoding, encodeText } from './encoding.ts';
import type { Secrets } from './secret.ts';
import type { BodyWriter } from './trace.ts';

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
  onDisk(dir, () => mkdirSync(dir, { recursive: true }));

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
