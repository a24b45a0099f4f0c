import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { decompress } from 'fzstd';

const decoders: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The text of a request, however it was compressed. Throws where it can't be read. */
export async function requestText(request: IncomingMessage): Promise<string> {
  const coding = request.headers['content-encoding'] ?? '';
  if (coding === 'zstd') return Buffer.from(decompress(await buffer(request))).toString();
  const decoder = decoders[coding]?.();
  if (!decoder) return text(request);
  return pipeline(request, decoder, (decoded) => text(decoded as AsyncIterable<Buffer> as Readable));
}
