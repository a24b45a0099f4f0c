import { expect, it } from 'vitest';
import { demultiplexer } from '../../../src/sandbox/docker/channel.ts';
import type { OutputStream } from '../../../src/sandbox/output-capture.ts';

function framed(stream: OutputStream, data: Buffer): Buffer {
  const header = Buffer.from([stream === 'stdout' ? 1 : 2, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

function readAll(bytes: Buffer, chunkBytes: number): Record<OutputStream, Buffer> {
  const out: Record<OutputStream, Buffer[]> = { stdout: [], stderr: [] };
  const push = demultiplexer((stream, data) => out[stream].push(Buffer.from(data)));
  for (let at = 0; at < bytes.length; at += chunkBytes) push(bytes.subarray(at, at + chunkBytes));
  return { stdout: Buffer.concat(out.stdout), stderr: Buffer.concat(out.stderr) };
}

const wire = Buffer.concat([
  framed('stdout', Buffer.from('grüße ')),
  framed('stderr', Buffer.from([0, 255, 1, 0, 0, 0, 0, 5])),
  framed('stdout', Buffer.alloc(0)),
  framed('stdout', Buffer.from('€😀')),
]);

it.each([1, 2, 3, 7, 8, 9, 1000])('takes the streams apart when chunks have %i bytes', (chunkBytes) => {
  const streams = readAll(wire, chunkBytes);
  expect(streams.stdout.toString()).toBe('grüße €😀');
  expect([...streams.stderr]).toEqual([0, 255, 1, 0, 0, 0, 0, 5]);
});

it('takes a hundred thousand frames in one chunk', () => {
  const many = Buffer.concat(Array.from({ length: 100_000 }, () => framed('stdout', Buffer.from('x'))));
  expect(readAll(many, many.length).stdout.length).toBe(100_000);
});
