import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { folderDigest } from '../../src/schema/author-folder.ts';
import { openFolderStore } from '../../src/store/folder.ts';
import { packDigest, packInto, packKey } from '../../src/store/pack.ts';
import type { Store } from '../../src/store/store.ts';
import { openPackCache } from '../../src/store/unpack.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

const storeHere = () => openFolderStore(temporaryFolder());

/** A folder with all that a pack keeps. */
function anyFolder(): string {
  const dir = folderOf({
    'task.toml': 'a',
    'tests/test.sh': '#!/bin/sh\n',
    [`deep/${'long/'.repeat(24)}ümlaut`]: 'ü',
  });
  chmodSync(join(dir, 'tests/test.sh'), 0o700);
  mkdirSync(join(dir, 'empty'));
  symlinkSync('../task.toml', join(dir, 'tests/link'));
  symlinkSync('/usr/bin/python3', join(dir, 'absolute'));
  symlinkSync('nowhere', join(dir, 'dangling'));
  return dir;
}

/** Stores entries of any kind as a pack. */
async function storeTar(
  store: Store,
  entries: { name: string; type?: 'file' | 'symlink' | 'link'; linkname?: string }[],
) {
  const archive = pack();
  for (const { type = 'file', ...entry } of entries)
    archive.entry({ ...entry, type }, type === 'file' ? 'content' : '');
  archive.finalize();
  const bytes = await buffer(archive);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await store.put(packKey(sha256), bytes);
  return sha256;
}

describe('a pack', () => {
  it('has the same digest wherever and whenever the same files are packed', async () => {
    const [one, other] = [anyFolder(), anyFolder()];
    utimesSync(join(other, 'task.toml'), 1, 1);
    chmodSync(join(other, 'task.toml'), 0o600);
    expect(await packDigest([{ dir: other, as: '' }])).toBe(await packDigest([{ dir: one, as: '' }]));
    writeFileSync(join(other, 'task.toml'), 'b');
    expect(await packDigest([{ dir: other, as: '' }])).not.toBe(await packDigest([{ dir: one, as: '' }]));
  });

  it('gives back files, modes, links and empty folders', async () => {
    const store = await storeHere();
    const dir = anyFolder();
    const folder = await openPackCache(store, temporaryFolder()).folder(
      await packInto(store, [{ dir, as: '' }]),
    );
    expect(folderDigest(folder)).toBe(folderDigest(dir));
    expect(lstatSync(join(folder, 'tests/test.sh')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(folder, 'task.toml')).mode & 0o777).toBe(0o644);
    expect(readlinkSync(join(folder, 'absolute'))).toBe('/usr/bin/python3');
    expect(existsSync(join(folder, 'empty'))).toBe(true);
  });

  it('holds several folders at their places', async () => {
    const store = await storeHere();
    const folders = [
      { dir: folderOf({ 'environment.toml': 'e' }), as: 'environments/desk' },
      { dir: folderOf({ Dockerfile: 'd' }), as: 'sandbox-images/base' },
    ];
    const folder = await openPackCache(store, temporaryFolder()).folder(await packInto(store, folders));
    expect(readFileSync(join(folder, 'environments/desk/environment.toml'), 'utf8')).toBe('e');
    expect(readFileSync(join(folder, 'sandbox-images/base/Dockerfile'), 'utf8')).toBe('d');
  });

  it('refuses a link out of its folder to what other machines don’t have', async () => {
    const dir = folderOf({ 'shared/data.json': '{}', 'task/instruction.md': 'x' });
    symlinkSync('../shared/data.json', join(dir, 'task/data.json'));
    await expect(packInto(await storeHere(), [{ dir: join(dir, 'task'), as: '' }])).rejects.toMatchObject({
      code: 'bad-file',
      message: `${join(dir, 'task')}: can't be given to other machines: data.json is a link out of the folder, to ../shared/data.json, which other machines don't have; expected a copy`,
    });
  });
});

describe('a cache of packs', () => {
  it('is filled once by many that ask at the same time', async () => {
    const store = await storeHere();
    const sha256 = await packInto(store, [{ dir: anyFolder(), as: '' }]);
    const dir = temporaryFolder();
    const folders = await Promise.all(
      Array.from({ length: 4 }, () => openPackCache(store, dir).folder(sha256)),
    );
    expect(new Set(folders)).toEqual(new Set([join(dir, sha256)]));
    expect(readdirSync(dir)).toEqual([sha256]);
    await store.delete(packKey(sha256));
    expect(await openPackCache(store, dir).folder(sha256)).toBe(join(dir, sha256));
  });

  it('is unpacked whole however soon its bytes come', async () => {
    const store = await storeHere();
    const sha256 = await packInto(store, [{ dir: anyFolder(), as: '' }]);
    const stored = await store.get(packKey(sha256));
    const bytes = await buffer(stored ?? Readable.from([]));
    const atOnce = { ...store, get: async () => Readable.from([bytes]) };
    const unpacked = await openPackCache(atOnce, temporaryFolder()).folder(sha256);
    expect(readFileSync(join(unpacked, 'task.toml'), 'utf8')).toBe('a');
  });

  it('unpacks anew what was changed or torn', async () => {
    const store = await storeHere();
    const sha256 = await packInto(store, [{ dir: anyFolder(), as: '' }]);
    const dir = temporaryFolder();
    const folder = await openPackCache(store, dir).folder(sha256);
    writeFileSync(join(folder, 'task.toml'), 'torn');
    await openPackCache(store, dir).folder(sha256);
    expect(readFileSync(join(folder, 'task.toml'), 'utf8')).toBe('a');
    expect(readdirSync(dir)).toEqual([sha256]);
  });

  it('says in one line what the store lacks or gives otherwise', async () => {
    const store = await storeHere();
    const cache = openPackCache(store, temporaryFolder());
    const absent = 'a'.repeat(64);
    await expect(cache.folder(absent)).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining(`${packKey(absent)}: is not in the store`),
    });
    const sha256 = await packInto(store, [{ dir: anyFolder(), as: '' }]);
    await store.put(packKey(absent), () => createReadStream(join(store.url, packKey(sha256))));
    await expect(cache.folder(absent)).rejects.toThrow(/was changed: its sha256 is not its name/);
    await store.put(packKey(absent), Buffer.from('no tar at all'));
    await expect(cache.folder(absent)).rejects.toMatchObject({ code: 'store-failed' });
  });

  it.each([
    ['a path that leads out', [{ name: '../out' }], 'would lie outside'],
    ['an absolute path', [{ name: '/etc/out' }], 'would lie outside'],
    ['a hard link', [{ name: 'hard', type: 'link' as const, linkname: '/etc/passwd' }], 'is a link'],
  ])('refuses %s', async (_, entries, problem) => {
    const store = await storeHere();
    const dir = temporaryFolder();
    await expect(
      openPackCache(store, join(dir, 'cache')).folder(await storeTar(store, entries)),
    ).rejects.toMatchObject({ code: 'store-failed', message: expect.stringContaining(problem) });
    expect(readdirSync(join(dir, 'cache'))).toEqual([]);
    expect(existsSync(join(dir, 'out'))).toBe(false);
  });

  it('writes nothing through a link', async () => {
    const store = await storeHere();
    const outside = temporaryFolder();
    const sha256 = await storeTar(store, [
      { name: 'way', type: 'symlink', linkname: outside },
      { name: 'way/in' },
    ]);
    await expect(openPackCache(store, temporaryFolder()).folder(sha256)).rejects.toMatchObject({
      kind: expect.anything(),
    });
    expect(readdirSync(outside)).toEqual([]);
  });
});
