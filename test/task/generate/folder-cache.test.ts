import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CacheBounds, keepFolder, sweepFolders } from '../../../src/task/generate/folder-cache.ts';
import { folderOf } from '../../folder.ts';

const bounds: CacheBounds = { days: 7, folders: 2, hours: 1 };

/** No process has so high an id. */
const beyondAnyProcess = 2 ** 30;

/** A cache whose entries were last used so many hours ago. */
function cacheOf(ages: Record<string, number>): string {
  const names = Object.keys(ages);
  const cache = folderOf(Object.fromEntries(names.map((name) => [`${name}/task.toml`, ''])));
  for (const [name, hours] of Object.entries(ages)) age(join(cache, name), hours);
  return cache;
}

function age(path: string, hours: number): void {
  const then = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, then, then);
}

const left = (cache: string) =>
  readdirSync(cache)
    .filter((name) => !name.startsWith('in-use-'))
    .sort();

it('removes what nobody used for a week, with what lies beside it and what a crash left', () => {
  const cache = cacheOf({ fresh: 2, old: 200, 'new-crashed': 200, 'gone-half': 0 });
  writeFileSync(join(cache, 'old.split.json'), '{}');
  age(join(cache, 'old.split.json'), 200);
  sweepFolders(cache, bounds);
  expect(left(cache)).toEqual(['fresh']);
});

it('keeps so many of those used last, and none less for having been used within the hour', () => {
  const cache = cacheOf({ a: 0.1, b: 0.2, c: 0.3, d: 5, e: 6 });
  sweepFolders(cache, bounds);
  expect(left(cache)).toEqual(['a', 'b', 'c']);
});

it('removes none that this process uses, however old', () => {
  const cache = cacheOf({ mine: 400, other: 400 });
  keepFolder(cache, 'mine');
  age(join(cache, 'mine'), 400);
  sweepFolders(cache, bounds);
  expect(left(cache)).toEqual(['mine']);
});

it('keeps what another process uses while that lives, and no longer', () => {
  const cache = cacheOf({ theirs: 400, orphaned: 400 });
  writeFileSync(join(cache, `in-use-${process.ppid}`), 'theirs\n');
  writeFileSync(join(cache, `in-use-${beyondAnyProcess}`), 'orphaned\n');
  sweepFolders(cache, bounds);
  expect(readdirSync(cache).sort()).toEqual([`in-use-${process.ppid}`, 'theirs']);
});

it('counts a folder as used when it is asked for again', () => {
  const cache = cacheOf({ again: 300 });
  keepFolder(cache, 'again');
  // As if this process were gone.
  writeFileSync(join(cache, `in-use-${process.pid}`), '');
  sweepFolders(cache, bounds);
  expect(left(cache)).toEqual(['again']);
});

it('leaves it to a process that is sweeping, but not to one that died at it', () => {
  const cache = cacheOf({ old: 200 });
  writeFileSync(join(cache, '.sweeping'), '');
  sweepFolders(cache, bounds);
  expect(existsSync(join(cache, 'old'))).toBe(true);
  age(join(cache, '.sweeping'), 1);
  sweepFolders(cache, bounds);
  expect(readdirSync(cache)).toEqual([]);
});
