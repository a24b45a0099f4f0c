import { expect, it } from 'vitest';
import { type Frame, FrameParser } from '../../../src/sandbox/docker/frame.ts';

const nonce = '0123456789abcdef0123456789abcdef';

function readAll(bytes: Buffer, chunkBytes: number) {
  const output: Buffer[] = [];
  const frames: Frame[] = [];
  const parser = new FrameParser(nonce, {
    onBytes: (data) => output.push(Buffer.from(data)),
    onFrame: (frame) => frames.push(frame),
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) parser.push(bytes.subarray(at, at + chunkBytes));
  return { output: Buffer.concat(output), frames };
}

const wire = Buffer.concat([
  Buffer.from(`no line break at the end${nonce} gone 6 137\n`),
  Buffer.from([0, 255]),
  Buffer.from(`${nonce.slice(0, 20)} is no frame${nonce} state\n`),
]);

it.each([1, 2, 5, 31, 32, 33, 1000])('finds frames between bytes when chunks have %i bytes', (chunkBytes) => {
  const { output, frames } = readAll(wire, chunkBytes);
  expect(frames).toEqual([
    { kind: 'gone', numbers: [6, 137] },
    { kind: 'state', numbers: [] },
  ]);
  const text = Buffer.concat([
    Buffer.from('no line break at the end'),
    Buffer.from([0, 255]),
    Buffer.from(`${nonce.slice(0, 20)} is no frame`),
  ]);
  expect(Buffer.compare(output, text)).toBe(0);
});

it('takes what only begins like a frame for output', () => {
  const text = `rest ${nonce} ${'x'.repeat(200)}\n`;
  const { output, frames } = readAll(Buffer.from(`${text}${nonce} exit 0\n`), 1000);
  expect(output.toString()).toBe(text);
  expect(frames.map(({ kind }) => kind)).toEqual(['exit']);
});
