import { expect, it } from 'vitest';
import { pathBytes, pathText } from '../../../src/sandbox/docker/file-name.ts';

const latin1 = (...bytes: (string | number)[]) =>
  bytes
    .map((one) => (typeof one === 'number' ? String.fromCharCode(one) : Buffer.from(one).toString('latin1')))
    .join('');

it.each([
  [latin1('/a/é €😀'), '/a/é €😀'],
  [latin1('caf', 0xe9), 'caf\\xe9'],
  [latin1('caf\\xe9'), 'caf\\x5cxe9'],
  [latin1('caf\\x5cxe9'), 'caf\\x5cx5cxe9'],
  [latin1(0xe2, 0x82, 'é', 0xff, 0xfe), '\\xe2\\x82é\\xff\\xfe'],
  [latin1(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
  ['a\\b\\x5', 'a\\b\\x5'],
])('keeps every byte of a path: %j is %j', (bytes, text) => {
  expect(pathText(bytes)).toBe(text);
  expect(pathBytes(text)).toBe(bytes);
});
