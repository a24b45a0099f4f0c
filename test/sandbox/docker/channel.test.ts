import { expect, it } from 'vitest';
import { demultiplexer } from '../../../src/sandbox/docker/channel.ts';
import type { OutputStream } from '../../../src/sandbox/output-capture.ts';
import { framed, Wire } from './wire.ts';

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

it('gives its first listener what came before it', async () => {
  const wire = new Wire();
  wire.print('stdout', 'early');
  wire.print('stderr', 'late');
  await new Promise((resolve) => setImmediate(resolve));
  const heard: string[] = [];
  wire.channel.onOutput((stream, data) => heard.push(`${stream}: ${data}`));
  expect(heard).toEqual(['stdout: early', 'stderr: late']);
});

it('is closed when its process is gone, and drops what is written then', async () => {
  const wire = new Wire();
  wire.channel.onOutput(() => {});
  wire.close();
  await wire.channel.closed;
  wire.channel.write('lost\n');
  expect([wire.channel.isClosed, wire.lines]).toEqual([true, []]);
});
