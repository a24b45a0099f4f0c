import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { Decompress } from 'fzstd';
import Bunzip from 'seek-bzip';

// A CommonJS package whose exports Node cannot name.
const { XzReadableStream } = createRequire(import.meta.url)(
  'xz-decompress',
) as typeof import('xz-decompress');

/** Heads of files that are compressed by bzip2, xz and Zstandard, and what gives back what they hold. */
const ways: { head: string; decompress(content: Buffer, maxBytes: number): Buffer | Promise<Buffer> }[] = [
  { head: 'BZh', decompress: bunzip2 },
  { head: '\xfd7zXZ\0', decompress: unxz },
  { head: '\x28\xb5\x2f\xfd', decompress: unzstd },
];

/** What a file by bzip2, xz or Zstandard holds; undefined where it is none. Throws where it is damaged, or holds more than `maxBytes`. */
export function decompressed(content: Buffer, maxBytes: number): Promise<Buffer> | undefined {
  const head = content.toString('latin1', 0, 6);
  const way = ways.find((one) => head.startsWith(one.head));
  return way && Promise.resolve(way.decompress(content, maxBytes));
}

function tooLarge(maxBytes: number): Error {
  return new Error(`more than ${maxBytes} bytes are packed`);
}

async function bunzip2(content: Buffer, maxBytes: number): Promise<Buffer> {
  const bytes: number[] = [];
  const writeByte = (byte: number) => {
    if (bytes.length >= maxBytes) throw tooLarge(maxBytes);
    bytes.push(byte);
  };
  Bunzip.decode(content, { writeByte }, true);
  return Buffer.from(bytes);
}

async function unxz(content: Buffer, maxBytes: number): Promise<Buffer> {
  const source = Readable.toWeb(Readable.from([content]));
  return gathered(new XzReadableStream(source as ReadableStream<Uint8Array>), maxBytes);
}

async function gathered(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    left -= read.value.length;
    if (left < 0) throw tooLarge(maxBytes);
    chunks.push(Uint8Array.from(read.value));
  }
  return Buffer.concat(chunks);
}

function unzstd(content: Buffer, maxBytes: number): Buffer {
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  const stream = new Decompress((chunk) => {
    left -= chunk.length;
    if (left < 0) throw tooLarge(maxBytes);
    chunks.push(Uint8Array.from(chunk));
  });
  stream.push(content, true);
  return Buffer.concat(chunks);
}
