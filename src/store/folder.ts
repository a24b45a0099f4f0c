import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { dropAbandoned } from './abandoned.ts';
import { requireKey, type Source, type Store } from './store.ts';
import { failingAs, storeFailure } from './store-failure.ts';

/** Where objects lie while they are written; no key begins with a dot. */
const incoming = '.incoming';

/** A store in a folder that the machines share, which is made. Throws `store-failed` where nothing can be written there. */
export async function openFolderStore(path: string): Promise<Store> {
  const root = resolve(path);
  const unplaced = join(root, incoming);
  await onStore(root, async () => {
    await mkdir(unplaced, { recursive: true });
    await dropAbandoned(unplaced);
  });

  /** Runs what touches an object. */
  const on = <T>(key: string, action: (file: string) => Promise<T>): Promise<T> => {
    const file = join(root, requireKey(key));
    return onStore(file, () => action(file));
  };

  /** Writes an object to the disk and then gives it its name, which is on the disk too when this returns. */
  const write = <T>(key: string, source: Source, place: (part: string, file: string) => Promise<T>) =>
    on(key, async (file) => {
      const part = join(unplaced, randomUUID());
      try {
        await writeSynced(part, source);
        const made = await mkdir(dirname(file), { recursive: true });
        const placed = await place(part, file);
        await syncFolder(dirname(file));
        if (made !== undefined) await syncFolder(dirname(made));
        return placed;
      } finally {
        await rm(part, { force: true });
      }
    });

  const size = (key: string) =>
    on(key, async (file) => {
      const found = await stat(file).catch(noneIfMissing);
      return found?.isFile() ? found.size : undefined;
    });

  return {
    url: root,
    put: (key, source) => write(key, source, rename),
    async putIfAbsent(key, source) {
      if ((await size(key)) !== undefined) return false;
      return write(key, source, (part, file) => link(part, file).then(() => true, falseIfThere));
    },
    async get(key) {
      const file = await on(key, (path) => open(path).catch(noneIfMissing));
      return file && failingAs(join(root, key), file.createReadStream());
    },
    size,
    list: (prefix) => keysBelow(root, '', prefix),
    delete: (key) => on(key, (file) => rm(file, { force: true })),
  };
}

async function onStore<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storeFailure(path, error);
  }
}

async function writeSynced(path: string, source: Source): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeFile(file, typeof source === 'function' ? source() : source);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

/** Keys in order: a folder's name counts with the slash that follows it. */
async function* keysBelow(root: string, below: string, prefix: string): AsyncGenerator<string> {
  const entries = await onStore(join(root, below), () =>
    readdir(join(root, below), { withFileTypes: true }).catch(noneIfMissing),
  );
  const named = (entries ?? [])
    .filter(({ name }) => !name.startsWith('.'))
    .map((entry) => ({ entry, key: `${below}${entry.name}${entry.isDirectory() ? '/' : ''}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { entry, key } of named) {
    if (entry.isDirectory() && (key.startsWith(prefix) || prefix.startsWith(key)))
      yield* keysBelow(root, key, prefix);
    else if (entry.isFile() && key.startsWith(prefix)) yield key;
  }
}

function noneIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

function falseIfThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}
