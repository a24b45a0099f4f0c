import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import PQueue from 'p-queue';
import { ProctorError } from '../errors.ts';
import { checked } from '../schema/checked.ts';
import { type Head, verifyChain } from '../trace/chain.ts';
import { syncPath, writeError } from '../trace/disk.ts';
import { holdsTrace, traceFile } from '../trace/location.ts';
import { hashing } from './hashing.ts';
import {
  bodiesNamedIn,
  bodyKey,
  pieceKey,
  type Seal,
  type ShippedTrial,
  seal,
  sealKey,
} from './shipped-trial.ts';
import { readObject, type Store } from './store.ts';

/** Brings what was shipped of a trial into a folder of runs, where it lies as if it had been run there. */
export interface Fetching {
  /** The trial's folder. */
  readonly dir: string;
  /**
   * Fetches what has come since it was last asked, and says how many bytes of the trace that was. What is there can be read meanwhile, up
   * to the last whole event. Throws `store-failed`, `disk-full`, or `tampered-trace` where a body is not what it is called by.
   */
  more(): Promise<number>;
  /** Fetches all that is left, and checks that the trace is whole and ends in this head. Throws `tampered-trace`, too. */
  finish(head: Head): Promise<void>;
}

/** The folder, in that of a run, of attempts that were not committed: each is called by its trial and its fence. */
export const refusedFolder = (runDir: string): string => join(runDir, 'refused');

interface FetchParts {
  store: Store;
  shipped: ShippedTrial;
  /** The run's folder; bodies go into its `bodies/`. */
  runDir: string;
  /** Name of the trial's folder in it; the trial's id when absent. */
  as?: string;
}

/** What was there of the trial before is taken away when the first piece has come, unless it is what `finish` asks for. */
export function fetchTrial({ store, shipped, runDir, as = shipped.trial }: FetchParts): Fetching {
  const dir = join(runDir, as);
  const bodies = join(runDir, 'bodies');
  let pieces = 0;

  async function more(): Promise<number> {
    for (let bytes = 0; ; pieces += 1) {
      const lines = await readObject(store, pieceKey(shipped, pieces + 1));
      if (!lines) return bytes;
      await fetchBodies(store, shipped.run, lines, bodies);
      await onDisk(dir, async () => {
        if (pieces === 0) {
          await rm(dir, { recursive: true, force: true });
          await mkdir(dir, { recursive: true });
        }
        await appendFile(join(dir, traceFile), lines);
      });
      bytes += lines.length;
    }
  }

  return {
    dir,
    more,
    async finish(head) {
      if (pieces === 0 && isThere(dir, head)) return;
      await more();
      if (pieces === 0)
        throw new ProctorError(
          'store-failed',
          `${store.url}: nothing was shipped of ${shipped.run}/${shipped.trial}`,
        );
      verifyChain(dir, head);
      syncPath(join(dir, traceFile));
    },
  };
}

/** The seal of an attempt that was shipped to its end; undefined where it was not. */
export async function sealOf(store: Store, shipped: ShippedTrial): Promise<Seal | undefined> {
  const bytes = await readObject(store, sealKey(shipped));
  if (!bytes) return undefined;
  const where = `${store.url}/${sealKey(shipped)}`;
  try {
    return checked(seal, JSON.parse(bytes.toString()), { code: 'store-failed', where });
  } catch (error) {
    throw error instanceof ProctorError ? error : new ProctorError('store-failed', `${where}: expected JSON`);
  }
}

function isThere(dir: string, head: Head): boolean {
  try {
    return holdsTrace(dir) && verifyChain(dir, head).events === head.events;
  } catch {
    return false;
  }
}

/** Bodies that are fetched at the same time. */
const concurrency = 4;

async function fetchBodies(store: Store, run: string, lines: Buffer, bodies: string): Promise<void> {
  const queue = new PQueue({ concurrency });
  const fetches = [...bodiesNamedIn(lines)].map((sha256) =>
    queue.add(() => fetchBody(store, bodyKey(run, sha256), sha256, bodies)),
  );
  await Promise.all(fetches);
}

async function fetchBody(store: Store, key: string, sha256: string, bodies: string): Promise<void> {
  const path = join(bodies, sha256);
  if (await stat(path).catch(() => undefined)) return;
  const stored = await store.get(key);
  if (!stored) return;
  const part = `${path}.${randomUUID()}.tmp`;
  const where = `${store.url}/${key}`;
  const checking = hashing((read) => {
    if (read !== sha256)
      throw new ProctorError('tampered-trace', `${where}: this body was changed: its sha256 is not its name`);
  });
  try {
    await onDisk(path, async () => {
      await mkdir(bodies, { recursive: true });
      await pipeline(stored, checking, createWriteStream(part, { flags: 'wx' }));
    });
    await onDisk(path, () => rename(part, path));
  } finally {
    await rm(part, { force: true });
  }
}

async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof ProctorError ? error : writeError(path, error);
  }
}
