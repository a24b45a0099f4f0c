import { buffer } from 'node:stream/consumers';
import { deflateSync, gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { unpacked } from '../../src/orchestrator/unpack.ts';

const texts = (all: Buffer[]) => all.map(String);

async function tarOf(files: Record<string, Buffer | string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}

it('looks into gzip, objects of git and zip archives', async () => {
  const text = 'blob 6\0secret';
  for (const packed of [gzipSync(text), deflateSync(text, { level: 1 }), deflateSync(text, { level: 9 })])
    expect(texts((await unpacked(packed, 1000)).leaves)).toEqual([text]);
  const zip = Buffer.from(zipSync({ 'a.txt': strToU8('one'), 'b.txt': strToU8('two') }));
  expect(await unpacked(zip, 1000)).toMatchObject({ contents: ['one', 'two'].map(Buffer.from), whole: true });
});

it('looks into archives in archives', async () => {
  const inner = gzipSync('one');
  const { contents, leaves, whole } = await unpacked(
    gzipSync(await tarOf({ 'a.gz': inner, b: 'two' })),
    9999,
  );
  expect(texts(leaves)).toEqual(['two', 'one']);
  expect(contents).toContainEqual(inner);
  expect(whole).toBe(true);
});

it('leaves what is not packed, or packs more than is looked at, as it is', async () => {
  for (const content of [Buffer.from('xyz'), gzipSync('a'.repeat(2000)), Buffer.from([0x1f, 0x8b, 0])])
    expect((await unpacked(content, 1000)).leaves).toEqual([content]);
});

it('says where it could not look into all', async () => {
  const large = { 'a.txt': 'a'.repeat(2000), 'b.txt': 'b' };
  const zip = Buffer.from(zipSync({ 'a.txt': strToU8('a'.repeat(2000)) }));
  const tar = await tarOf(large);
  const bzip2 = Buffer.from('BZh91AY&SY');
  for (const packed of [zip, tar, bzip2, tar.subarray(0, 600), gzipSync(await tarOf({ 'x.bz2': bzip2 }))])
    expect((await unpacked(packed, 1000)).whole).toBe(false);
  expect((await unpacked(Buffer.from('text'), 1000)).whole).toBe(true);
});
