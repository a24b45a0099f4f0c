import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { namesAsBytes, namesAsTexts, nameText } from '../../../src/sandbox/docker/tar-name.ts';

const long = `${'d'.repeat(90)}/`.repeat(4);
const names = [
  'plain',
  'größe 😀',
  'caf\\xe9',
  'caf\\xe8',
  `${long}\\xff`,
  `${long}ü`,
  'a\\x5cxe9',
  `${'n'.repeat(99)}/x`,
];

async function packed(): Promise<Buffer> {
  const archive = pack();
  for (const [index, name] of names.entries()) archive.entry({ name, pax: {} }, 'x'.repeat(index * 300));
  archive.entry({ name: 'link', type: 'symlink', linkname: 'größe' });
  archive.finalize();
  return buffer(archive.pipe(namesAsBytes()));
}

const chunks = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

it.each([7, 512, 1000, 1 << 20])(
  'names of any bytes come through an archive in pieces of %i bytes',
  async (size) => {
    const entries = extract();
    Readable.from(chunks(await packed(), size))
      .pipe(namesAsTexts())
      .pipe(entries);
    const found: [string, number][] = [];
    let target: string | null | undefined;
    for await (const entry of entries) {
      found.push([nameText(entry.header), (await buffer(entry)).length]);
      target = entry.header.linkname;
    }
    expect(found).toEqual([...names.map((name, index) => [name, index * 300]), ['link', 0]]);
    expect(target).toBe('größe');
  },
);

it('bytes that a text stands for are in the archive as such', async () => {
  const bytes = (await packed()).toString('latin1');
  expect(bytes).toContain('path=caf\xe9\n');
  expect(bytes).toContain('path=a\\xe9\n');
  expect(bytes).not.toContain('caf\\xe9');
});
