import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract, type Header } from 'tar-stream';
import { messageOf, ProctorError } from '../errors.ts';
import { isFolder } from '../schema/author-folder.ts';
import { isFull } from '../trace/disk.ts';
import { dropAbandoned } from './abandoned.ts';
import { hashing } from './hashing.ts';
import { packDigest, packKey } from './pack.ts';
import type { Store } from './store.ts';

/** Packs, unpacked once on this machine. */
export interface PackCache {
  /**
   * The folder that holds a pack as it was packed. Throws `store-failed` where the store lacks it or gives something else, and
   * `disk-full` or `bad-file` where it can't be written here.
   */
  folder(sha256: string): Promise<string>;
}

/** How a folder that is not finished is called. */
const unfinished = '.new-';

/** A cache in a folder that several processes of this machine may share. */
export function openPackCache(store: Store, dir: string): PackCache {
  const root = resolve(dir);
  const folders = new Map<string, Promise<string>>();
  let ready: Promise<void> | undefined;
  const prepare = () =>
    onDisk(root, async () => {
      await mkdir(root, { recursive: true });
      await dropAbandoned(root, unfinished);
    });
  return {
    folder(sha256) {
      const known = folders.get(sha256);
      if (known) return known;
      ready ??= prepare();
      const found = ready.then(() => unpacked(store, sha256, root));
      folders.set(sha256, found);
      found.catch(() => {
        folders.delete(sha256);
        ready = undefined;
      });
      return found;
    },
  };
}

async function unpacked(store: Store, sha256: string, root: string): Promise<string> {
  const folder = join(root, sha256);
  if (await isIntact(folder, sha256)) return folder;
  const fresh = join(root, `${unfinished}${randomUUID()}`);
  try {
    await fetchPack(store, sha256, fresh);
    await onDisk(root, () => putInPlace(fresh, folder, sha256));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  if (await isIntact(folder, sha256)) return folder;
  throw new ProctorError('bad-file', `${folder}: was changed as soon as it was unpacked`);
}

const isIntact = async (folder: string, sha256: string) =>
  isFolder(folder) && (await packDigest([{ dir: folder, as: '' }]).catch(() => '')) === sha256;

/** What is there already is one that another process has just unpacked, or one that was changed since. */
async function putInPlace(fresh: string, folder: string, sha256: string): Promise<void> {
  if ((await isPlaced(fresh, folder)) || (await isIntact(folder, sha256))) return;
  const aside = `${fresh}-old`;
  await rename(folder, aside).catch(ignoreMissing);
  await isPlaced(fresh, folder);
  await rm(aside, { recursive: true, force: true });
}

const isPlaced = (fresh: string, folder: string) =>
  rename(fresh, folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
      throw error;
    },
  );

async function fetchPack(store: Store, sha256: string, into: string): Promise<void> {
  const where = `${store.url}/${packKey(sha256)}`;
  const stored = await store.get(packKey(sha256));
  if (!stored)
    throw new ProctorError('store-failed', `${where}: is not in the store; the run has to be started again`);
  const checking = hashing((read) => {
    if (read !== sha256)
      throw new ProctorError('store-failed', `${where}: was changed: its sha256 is not its name`);
  });
  const reading = extract();
  // What comes before anyone reads entries is lost, and all that follows waits for it.
  const writing = async () => {
    await mkdir(into, { recursive: true });
    await Promise.all([writeEntries(reading, into, where), pipeline(stored, checking, reading)]);
  };
  await onDisk(into, writing).catch((error) => {
    throw error instanceof ProctorError ? error : unexpected(where, messageOf(error));
  });
}

/** Links are made last, so that nothing is written through one. */
async function writeEntries(entries: Extract, into: string, where: string): Promise<void> {
  const links: { path: string; target: string }[] = [];
  for await (const entry of entries) {
    const { type, mode = 0o644, linkname } = entry.header as Header;
    const path = join(into, requireInside(entry.header.name, where));
    await mkdir(dirname(path), { recursive: true });
    if (type === 'directory') await mkdir(path, { recursive: true });
    else if (type === 'symlink' && linkname) links.push({ path, target: linkname });
    else if (type === 'file') await writeFile(entry as unknown as Readable, path, mode);
    else throw unexpected(where, `${entry.header.name} is a ${type}`);
    entry.resume();
  }
  for (const { path, target } of links) await symlink(target, path);
}

async function writeFile(content: Readable, path: string, mode: number): Promise<void> {
  await pipeline(content, createWriteStream(path, { flags: 'wx' }));
  await chmod(path, (mode & 0o100) === 0 ? 0o644 : 0o755);
}

function requireInside(name: string, where: string): string {
  const path = posix.normalize(name);
  if (!posix.isAbsolute(path) && path.split('/')[0] !== '..' && !path.includes('\0')) return path;
  throw unexpected(where, `${JSON.stringify(name)} would lie outside of its folder`);
}

const unexpected = (where: string, what: string) =>
  new ProctorError('store-failed', `${where}: is no pack: ${what}`);

async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof ProctorError) throw error;
    if (isFull(error))
      throw new ProctorError('disk-full', `${path}: no space left to unpack tasks`, { cause: error });
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new ProctorError('bad-file', `${path}: tasks can't be unpacked here: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
