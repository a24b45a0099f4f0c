import { Transform, type TransformCallback } from 'node:stream';
import type { Header } from 'tar-stream';
import { pathBytes, pathText } from './file-name.ts';

const block = 512;
const padded = (size: number) => Math.ceil(size / block) * block;
const textOf = (latin1: string) => Buffer.from(latin1, 'latin1').toString('utf8');
const bytesOf = (text: string) => Buffer.from(text).toString('latin1');

/** An archive of the engine in which names that are not UTF-8 are written as texts, which `tar-stream` can read. */
export const namesAsTexts = () =>
  new TarNames((key, value) => (key === 'path' || key === 'linkpath' ? bytesOf(pathText(value)) : value));

/** The text of an entry's name: what an extended header holds is one already. */
export function nameText(header: Header): string {
  const { pax } = header as { pax?: { path?: string } };
  return pax?.path === undefined ? pathText(header.name) : header.name;
}

/** An archive of `tar-stream` in which names are the bytes that their texts stand for. */
export const namesAsBytes = () =>
  new TarNames((key, value) => (key === 'path' ? pathBytes(textOf(value)) : value));

/** Changes the records of a tar's extended headers (POSIX pax), where all names stand that are not short and ASCII; bytes as latin1 characters. */
class TarNames extends Transform {
  readonly #change: (key: string, value: string) => string;
  #rest = Buffer.alloc(0);
  /** Bytes that pass as they are before the next header. */
  #passing = 0;
  /** The size of the next body, where it is too large for its header. */
  #nextSize: number | undefined;

  constructor(change: (key: string, value: string) => string) {
    super();
    this.#change = change;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#passes() || this.#readsHeader());
    done();
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#rest);
  }

  #passes(): boolean {
    const part = this.#rest.subarray(0, this.#passing);
    if (part.length === 0) return false;
    this.push(part);
    this.#rest = this.#rest.subarray(part.length);
    this.#passing -= part.length;
    return true;
  }

  #readsHeader(): boolean {
    if (this.#passing > 0 || this.#rest.length < block) return false;
    const header = this.#rest.subarray(0, block);
    const size = sizeIn(header);
    const isExtended = header.toString('latin1', 156, 157) === 'x';
    if (!isExtended) {
      this.#passing = block + padded(this.#nextSize ?? size);
      this.#nextSize = undefined;
      return true;
    }
    if (this.#rest.length < block + padded(size)) return false;
    const records = recordsOf(this.#rest.toString('latin1', block, block + size));
    const large = records.find(([key]) => key === 'size');
    if (large) this.#nextSize = Number(large[1]);
    this.push(
      extended(header, records.map(([key, value]) => record(key, this.#change(key, value))).join('')),
    );
    this.#rest = this.#rest.subarray(block + padded(size));
    return true;
  }
}

/** In octal, or in base 256 where the first bit is set. */
function sizeIn(header: Buffer): number {
  if ((header.readUInt8(124) & 0x80) !== 0) return header.readUIntBE(130, 6);
  return Number.parseInt(header.toString('latin1', 124, 136), 8) || 0;
}

function recordsOf(text: string): [key: string, value: string][] {
  const records: [string, string][] = [];
  for (let at = 0; at < text.length; ) {
    const length = Number.parseInt(text.slice(at), 10);
    if (!(length > 0)) break;
    const [, key = '', value = ''] = /^\d+ ([^=]*)=(.*)\n$/s.exec(text.slice(at, at + length)) ?? [];
    records.push([key, value]);
    at += length;
  }
  return records;
}

/** A record begins with its own length. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

function extended(given: Buffer, records: string): Buffer {
  const header = Buffer.from(given);
  header.write(`${records.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const body = Buffer.alloc(padded(records.length));
  body.write(records, 'latin1');
  return Buffer.concat([header, body]);
}
