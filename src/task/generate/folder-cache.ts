import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { processExists } from '../../sandbox/process-owner.ts';

/** What is kept of a cache of folders. */
export interface CacheBounds {
  /** What nobody used for so many days goes. */
  days: number;
  /** Past so many folders, those go that were unused for longest, */
  folders: number;
  /** but none that was used within so many hours. */
  hours: number;
}

const usual: CacheBounds = { days: 7, folders: 1000, hours: 24 };
const [markStart, lock, goneStart] = ['in-use-', '.sweeping', 'gone-'];
const [hourMs, dayMs] = [3_600_000, 86_400_000];
/** A sweep takes moments: one that is older is of a process that has died. */
const staleMs = 60_000;

/** Names of folders that this process has marked, by cache. */
const marked = new Map<string, Set<string>>();

/** Keeps an entry of a cache while this process lives, and waits for a sweep that may not have seen that; before it is looked at. */
export function keepFolder(cache: string, name: string): void {
  const own = marked.get(cache) ?? new Set();
  marked.set(cache, own);
  if (!own.has(name)) {
    appendFileSync(join(cache, `${markStart}${process.pid}`), `${name}\n`);
    own.add(name);
  }
  while (isSwept(cache)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  const now = new Date();
  ifThere(() => utimesSync(join(cache, name), now, now));
}

const isSwept = (cache: string) => ageOf(join(cache, lock), Date.now()) < staleMs;

/**
 * Removes what is past the bounds from a cache: folders, what lies beside them by their names, and what a crash left. None that a living
 * process of this computer has marked. Nothing where another process does so.
 */
export function sweepFolders(cache: string, bounds: CacheBounds = usual, now: number = Date.now()): void {
  const held = join(cache, lock);
  if (ageOf(held, Date.now()) >= staleMs) rmSync(held, { force: true });
  const taken = ifThere(() => openSync(held, 'wx'), 'EEXIST');
  if (taken === undefined) return;
  closeSync(taken);
  try {
    for (const name of pastBounds(cache, bounds, now))
      ifThere(() => renameSync(join(cache, name), join(cache, `${goneStart}${name}`)));
  } finally {
    ifThere(() => unlinkSync(held));
  }
  for (const name of readdirSync(cache))
    if (name.startsWith(goneStart)) rmSync(join(cache, name), { recursive: true, force: true });
}

function pastBounds(cache: string, { days, folders, hours }: CacheBounds, now: number): string[] {
  const names = readdirSync(cache).filter((name) => name !== lock && !name.startsWith(goneStart));
  const used = usedIn(
    cache,
    names.filter((name) => name.startsWith(markStart)),
  );
  const all = names
    .filter((name) => !name.startsWith(markStart))
    .map((name) => ({ name, age: ageOf(join(cache, name), now) }))
    .sort((a, b) => a.age - b.age);
  // A private instance has a file beside its folder, by the same name.
  const folderOf = (name: string) => name.split('.')[0] ?? name;
  const ages = new Map<string, number>();
  for (const { name, age } of all) if (!ages.has(folderOf(name))) ages.set(folderOf(name), age);
  const kept = [...ages].filter(
    ([owner, age], at) => used.has(owner) || (age <= days * dayMs && (at < folders || age <= hours * hourMs)),
  );
  const stays = new Set(kept.map(([owner]) => owner));
  return all.flatMap(({ name }) => (stays.has(folderOf(name)) ? [] : [name]));
}

/** What living processes have marked; the marks of others are removed. */
function usedIn(cache: string, marks: readonly string[]): Set<string> {
  return new Set(
    marks.flatMap((mark) => {
      const file = join(cache, mark);
      if (processExists(Number(mark.slice(markStart.length))))
        return ifThere(() => readFileSync(file, 'utf8').split('\n')) ?? [];
      rmSync(file, { force: true });
      return [];
    }),
  );
}

/** Milliseconds since something was made or used; endless where it is not there. */
function ageOf(path: string, now: number): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? now - found.mtimeMs : Number.POSITIVE_INFINITY;
}

/** What `act` gives; undefined where it fails with this code: something is not there, if none is named. */
function ifThere<T>(act: () => T, code = 'ENOENT'): T | undefined {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
    return undefined;
  }
}
