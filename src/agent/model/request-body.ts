import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Decompress } from 'fzstd';

/** Bytes of a request or an answer, unpacked, that are passed on: more than any endpoint takes, and what one call's output may hold. */
export const largestBody = 64 * 1024 * 1024;

/** What passes `largestBody`. */
export class BodyTooLarge extends Error {
  constructor(what: string) {
    super(`the ${what} is larger than ${largestBody / 1024 / 1024} MiB`);
  }
}

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The text of a request, however it was compressed. Throws `BodyTooLarge`, and what is left of the request is dropped as it comes, so that
 * it can be answered; or something else where it can't be read.
 */
export async function requestText(request: IncomingMessage): Promise<string> {
  const coding = request.headers['content-encoding'] ?? '';
  const bytes = request.iterator({ destroyOnReturn: false });
  const plain = coding === 'zstd' ? unpacked(bytes) : (decoded(request, coding) ?? bytes);
  try {
    return await boundedText(plain, 'request');
  } finally {
    request.unpipe().resume();
  }
}

/** The text of a stream of bytes. Throws `BodyTooLarge`. */
export async function boundedText(bytes: AsyncIterable<Uint8Array>, what: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > largestBody) throw new BodyTooLarge(what);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function decoded(request: IncomingMessage, coding: string): AsyncIterable<Uint8Array> | undefined {
  const decoder = decoders[coding]?.();
  if (!decoder) return undefined;
  const broken = () => request.complete || decoder.destroy(new Error('the request broke off'));
  request.on('error', broken).on('close', broken);
  return request.pipe(decoder);
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const out: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => void out.push(chunk));
  for await (const chunk of packed) {
    decoder.push(chunk);
    yield* out.splice(0);
  }
}
