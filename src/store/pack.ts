import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { messageOf, ProctorError } from '../errors.ts';
import { displayPath } from '../schema/author-file.ts';
import { hashing } from './hashing.ts';
import type { Store } from './store.ts';

/** A folder, and where it lies in a pack: its root where `as` is empty. */
export interface PackedFolder {
  dir: string;
  as: string;
}

/** The key of a pack. */
export const packKey = (sha256: string) => `packs/${sha256}.tar`;

/**
 * Stores folders as one tar that is the same wherever they are packed: paths in order, no owners, no times, of modes what `AuthorFile` keeps.
 * Gives its sha256, by which it is stored once. Throws `bad-file` where a link leads out of its folder to what is there.
 */
export async function packInto(store: Store, folders: readonly PackedFolder[]): Promise<string> {
  for (const { dir } of folders) await requireInside(dir);
  const sha256 = await packDigest(folders);
  const key = packKey(sha256);
  if ((await store.size(key)) === undefined) await store.putIfAbsent(key, () => checked(folders, sha256));
  return sha256;
}

/** The sha256 that the pack of these folders has. Throws `bad-file` where they can't be read. */
export async function packDigest(folders: readonly PackedFolder[]): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(packed(folders), hash);
  return hash.digest('hex');
}

/** The pack of folders that had this digest before they were read again. */
function checked(folders: readonly PackedFolder[], sha256: string): Readable {
  const out = hashing((read) => {
    if (read !== sha256) throw unreadable(folders[0]?.dir ?? '', 'it changed while it was packed');
  });
  pipeline(packed(folders), out).catch(() => {});
  return out;
}

function packed(folders: readonly PackedFolder[]): Readable {
  const archive = pack();
  const add = async () => {
    for (const entry of await entriesIn(folders)) await addEntry(archive, entry);
    archive.finalize();
  };
  add().catch((error) =>
    archive.destroy(
      error instanceof ProctorError ? error : unreadable(folders[0]?.dir ?? '', messageOf(error)),
    ),
  );
  return archive as unknown as Readable;
}

interface Entry {
  /** On this machine; absent for a folder that only the pack has. */
  file?: string;
  /** With `/`. */
  path: string;
  type: 'file' | 'directory' | 'symlink';
}

async function addEntry(archive: Pack, { file = '', path, type }: Entry): Promise<void> {
  const header = { name: path, type, mode: 0o755, mtime: new Date(0), uid: 0, gid: 0 };
  if (type === 'directory') archive.entry(header);
  else if (type === 'symlink') archive.entry({ ...header, mode: 0o644, linkname: await readlink(file) });
  else {
    const { mode, size } = await lstat(file);
    const content = { ...header, size, mode: (mode & 0o100) === 0 ? 0o644 : 0o755 };
    await pipeline(createReadStream(file), archive.entry(content));
  }
}

/** What a pack of folders holds, in order. */
async function entriesIn(folders: readonly PackedFolder[]): Promise<Entry[]> {
  const entries = new Map<string, Entry>();
  for (const { dir, as } of folders) {
    for (let above = as; above !== '' && above !== '.'; above = posix.dirname(above))
      entries.set(above, { path: above, type: 'directory' });
    for (const entry of await entriesOf(dir)) {
      const path = posix.join(as, entry.path);
      entries.set(path, { ...entry, path });
    }
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is below a folder but for sockets, pipes and devices. Links are not followed. */
async function entriesOf(dir: string): Promise<(Entry & { file: string })[]> {
  const found = await readdir(dir, { withFileTypes: true, recursive: true });
  return found.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    const type = typeOf(entry);
    if (entry.name.includes('\uFFFD')) throw unreadable(dir, `the name ${entry.name} in it is not UTF-8`);
    return type ? [{ file, path: relative(dir, file).split(sep).join('/'), type }] : [];
  });
}

function typeOf(entry: Dirent): Entry['type'] | undefined {
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'symlink';
  return entry.isFile() ? 'file' : undefined;
}

/** What a relative link leads to outside of its folder would be missing elsewhere. Others are for the sandbox that they are put into. */
async function requireInside(dir: string): Promise<void> {
  for (const { file, path, type } of await entriesOf(dir)) {
    if (type !== 'symlink') continue;
    const target = await readlink(file);
    const led = resolve(dirname(file), target);
    const isInside = led === resolve(dir) || led.startsWith(resolve(dir) + sep);
    if (target.startsWith('/') || isInside || !(await stat(led).catch(() => undefined))) continue;
    throw unreadable(
      dir,
      `${path} is a link out of the folder, to ${target}, which other machines don't have; expected a copy`,
    );
  }
}

const unreadable = (dir: string, problem: string) =>
  new ProctorError('bad-file', `${displayPath(dir)}: can't be given to other machines: ${problem}`);
