import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type JsonObject, parseJsonObject } from '../schema/json.ts';

/** One line of a file, without its newline. */
export interface Line {
  /** From 1, counted from where reading began. */
  number: number;
  /** The byte of the file it begins at. */
  offset: number;
  bytes: Buffer;
  last: boolean;
  /** Whether a newline ends it; the last one may still be growing. */
  complete: boolean;
}

const chunkSize = 64 * 1024;
/** Often the first line is all that is asked for. */
const firstChunkSize = 8 * 1024;

/** The lines of a file from a byte on, read piece by piece. An empty rest after the last newline is no line. */
export function* readLines(path: string, from = 0): Generator<Line, void, undefined> {
  let held: Line | undefined;
  let number = 0;
  let offset = from;
  for (const { bytes, complete } of splitLines(path, from)) {
    if (held !== undefined) yield held;
    number += 1;
    held = { number, offset, bytes, last: false, complete };
    offset += bytes.length + 1;
  }
  if (held !== undefined) yield { ...held, last: true };
}

/** The JSON object on a line, or undefined where the line is no whole one. */
export function parseLine(bytes: Buffer): JsonObject | undefined {
  return parseJsonObject(bytes.toString());
}

function* splitLines(path: string, from: number): Generator<Pick<Line, 'bytes' | 'complete'>> {
  let pieces: Buffer[] = [];
  for (const chunk of readChunks(path, from)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      yield { bytes: joined(pieces, chunk.subarray(start, end)), complete: true };
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  if (pieces.length > 0) yield { bytes: joined(pieces), complete: false };
}

function joined(pieces: Buffer[], end?: Buffer): Buffer {
  if (pieces.length === 0 && end) return end;
  return Buffer.concat(end ? [...pieces, end] : pieces);
}

function* readChunks(path: string, from: number): Generator<Buffer, void, undefined> {
  const fd = openSync(path, 'r');
  try {
    for (let at = from; ; ) {
      const size = at === from ? firstChunkSize : chunkSize;
      const chunk = Buffer.allocUnsafeSlow(size);
      const count = readSync(fd, chunk, 0, size, at);
      if (count === 0) return;
      at += count;
      yield chunk.subarray(0, count);
    }
  } finally {
    closeSync(fd);
  }
}

/** The last line of a file, read from its end; empty where there is none. */
export function readLastLine(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    for (let window = chunkSize; ; window *= 2) {
      const tail = readTail(fd, size, window);
      const content = tail.at(-1) === 10 ? tail.subarray(0, -1) : tail;
      const start = content.lastIndexOf(10) + 1;
      if (start > 0 || window >= size) return content.subarray(start);
    }
  } finally {
    closeSync(fd);
  }
}

function readTail(fd: number, size: number, length: number): Buffer {
  const tail = Buffer.alloc(Math.min(length, size));
  readSync(fd, tail, 0, tail.length, size - tail.length);
  return tail;
}
