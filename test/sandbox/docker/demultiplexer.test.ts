import { expect, it } from 'vitest';
import { demultiplexer, type OutputStream } from '../../../src/sandbox/docker/demultiplexer.ts';

function framed(stream: OutputStream, data: Buffer): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

function readAll(bytes: Buffer, chunkBytes: number): Record<OutputStream, Buffer> {
  const out: Record<OutputStream, Buffer[]> = { 1: [], 2: [] };
  const push = demultiplexer((stream, data) => out[stream].push(Buffer.from(data)));
  for (let at = 0; at < bytes.length; at += chunkBytes) push(bytes.subarray(at, at + chunkBytes));
  return { 1: Buffer.concat(out[1]), 2: Buffer.concat(out[2]) };
}

const wire = Buffer.concat([
  framed(1, Buffer.from('grüße ')),
  framed(2, Buffer.from([0, 255, 1, 0, 0, 0, 0, 5])),
  framed(1, Buffer.alloc(0)),
  framed(1, Buffer.from('€😀')),
]);

it.each([1, 2, 3, 7, 8, 9, 1000])('takes the streams apart when chunks have %i bytes', (chunkBytes) => {
  const streams = readAll(wire, chunkBytes);
  expect(streams[1].toString()).toBe('grüße €😀');
  expect([...streams[2]]).toEqual([0, 255, 1, 0, 0, 0, 0, 5]);
});

it('takes a hundred thousand frames in one chunk', () => {
  const many = Buffer.concat(Array.from({ length: 100_000 }, () => framed(1, Buffer.from('x'))));
  expect(readAll(many, many.length)[1].length).toBe(100_000);
});
