import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRun, writeRun } from '../../src/trace/run-file.ts';
import { createComparer } from '../../src/viewer/comparison.ts';
import { createLibrary } from '../../src/viewer/library.ts';
import { temporaryFolder } from '../folder.ts';
import { fillComparedRun } from './mixed-run.ts';

it('keeps a comparison as long as what its scores are made of stays the same', () => {
  const root = temporaryFolder();
  fillComparedRun(root);
  const dir = join(root, 'compared');
  const compare = createComparer(createLibrary(() => [dir]));
  const sets = ['compared:neat', 'compared:rash'];
  const first = compare(sets);
  expect(compare(sets)).toBe(first);
  expect(compare([...sets].reverse())).not.toBe(first);

  const run = readRun(dir);
  writeRun(dir, { ...run, trials: run.trials.slice(1) });
  const fewer = compare(sets);
  expect(fewer.sets.map(({ trials }) => trials)).not.toEqual(first.sets.map(({ trials }) => trials));
});
