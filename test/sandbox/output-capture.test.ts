import { expect, it } from 'vitest';
import { OutputCapture } from '../../src/sandbox/output-capture.ts';

it('keeps both streams apart, up to the limit of both together, and says once that there was more', () => {
  let cuts = 0;
  const capture = new OutputCapture(8, () => {
    cuts += 1;
  });
  capture.add('stdout', Buffer.from('abc'));
  capture.add('stderr', Buffer.from('123'));
  expect(capture.result()).toMatchObject({ captureCut: false });
  capture.add('stdout', Buffer.from('defg'));
  capture.add('stderr', Buffer.from('456'));
  const { stdout, stderr, captureCut } = capture.result();
  expect([stdout.toString(), stderr.toString(), captureCut, cuts]).toEqual(['abcde', '123', true, 1]);
});

it('does not count output that fills it exactly as cut', () => {
  const capture = new OutputCapture(3, () => expect.unreachable());
  capture.add('stdout', Buffer.from('abc'));
  expect(capture.result().captureCut).toBe(false);
});
