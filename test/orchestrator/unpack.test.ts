import { deflateSync, gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { unpacked } from '../../src/orchestrator/unpack.ts';

it('looks into gzip, objects of git and zip archives', () => {
  const text = 'blob 6\0secret';
  expect(unpacked(gzipSync(text), 1000)).toBe(text);
  for (const level of [1, 9]) expect(unpacked(deflateSync(text, { level }), 1000)).toBe(text);
  expect(unpacked(Buffer.from(zipSync({ 'a.txt': strToU8('one'), 'b.txt': strToU8('two') })), 1000)).toBe(
    'onetwo',
  );
});

it('leaves what is not packed, or packs more than is looked at, as it is', () => {
  for (const content of [Buffer.from('xyz'), gzipSync('a'.repeat(2000)), Buffer.from([0x1f, 0x8b, 0])])
    expect(unpacked(content, 1000)).toBe(content.toString('latin1'));
  const zip = Buffer.from(zipSync({ 'a.txt': strToU8('a'.repeat(2000)), 'b.txt': strToU8('b') }));
  expect(unpacked(zip, 1000)).toBe('');
});
