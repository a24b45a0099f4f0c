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

const squeezed = {
  bzip2:
    'QlpoOTFBWSZTWXCWjVMAAG/7gMqQAEBAA3WAAAhqAB5ACAggAFQ0piPUxpB6mm1NqCSiaNDTR6mTTQfXkPQgjBCEN22Y0tIoEODB5r1viKDhFYEIcIqDvwz1jEKmGXlny5nl6IREB+LuSKcKEg4S0apg',
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AGNdADCLiofEDvKXpPh1PcWp7dmXqZglxo1m6bnJO3KhpTkEX+fXjhgYUMM/QJv0MyHqoBax9I0KPja0CNCss25KOZ1Mqbzi7HtrhyVY+BwuIZsN270p+6R67+ZqjHRAXivZse9EAAAAdqBalvgkxrwAAX+AUAAAAPnUykOxxGf7AgAAAAAEWVo=',
  zstd: 'KLUv/QRYbQIAJANhLnR4dAAwMDAwNjQ0MDAwMDAxMgAAMDA2NzE3ACAwAHVzdGFyADBzZWNyZXQtNDIKAAkA8gXwDgEqiDekBoDkAANoNcCxcpmdQBECjQze',
};

it.each(Object.entries(squeezed))('looks into a tar archive by %s, up to a bound', async (_, base64) => {
  const packed = Buffer.from(base64, 'base64');
  expect(await unpacked(packed, 99_999)).toMatchObject({ leaves: [Buffer.from('secret-42\n')], whole: true });
  for (const spoilt of [packed.subarray(0, packed.length / 2), packed])
    expect((await unpacked(spoilt, spoilt === packed ? 1000 : 99_999)).whole).toBe(false);
});

it('says where it could not look into all', async () => {
  const large = { 'a.txt': 'a'.repeat(2000), 'b.txt': 'b' };
  const zip = Buffer.from(zipSync({ 'a.txt': strToU8('a'.repeat(2000)) }));
  const tar = await tarOf(large);
  const bzip2 = Buffer.from('BZh91AY&SY');
  const sevenZip = Buffer.from('7z\xbc\xaf\x27\x1c\0', 'latin1');
  for (const packed of [
    zip,
    tar,
    bzip2,
    sevenZip,
    tar.subarray(0, 600),
    gzipSync(await tarOf({ 'x.bz2': bzip2 })),
  ])
    expect((await unpacked(packed, 1000)).whole).toBe(false);
  expect((await unpacked(Buffer.from('text'), 1000)).whole).toBe(true);
});
