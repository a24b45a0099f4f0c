import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoders: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The text of a request, however it was compressed. */
export function requestText(request: IncomingMessage): Promise<string> {
  const decoder = decoders[request.headers['content-encoding'] ?? '']?.();
  if (!decoder) return text(request);
  return pipeline(request, decoder, (decoded) => text(decoded as AsyncIterable<Buffer> as Readable));
}
