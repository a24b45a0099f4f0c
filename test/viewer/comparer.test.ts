import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRun, writeRun } from '../../src/trace/run-file.ts';
import { createComparer } from '../../src/viewer/comparison.ts';
import { createLibrary } from '../../src/viewer/library.ts';
import { temporaryFolder } from '../folder.ts';
import { fillComparedRun } from './mixed-run.ts';

it('keeps a comparison as long as what its scores are made of stays the same', { timeout: 60_000 }, () => {
  const root = temporaryFolder();
  fillComparedRun(root);
  const dir = join(root, 'compared');
  const { compare } = createComparer(createLibrary(() => [dir]));
  const sets = ['compared:neat', 'compared:rash'];
  const first = compare(sets);
  expect(compare(sets)).toBe(first);
  expect(compare([...sets].reverse())).not.toBe(first);

  const run = readRun(dir);
  writeRun(dir, { ...run, trials: run.trials.slice(1) });
  const fewer = compare(sets);
  expect(fewer.sets.map(({ trials }) => trials)).not.toEqual(first.sets.map(({ trials }) => trials));
});

it('compares the same whether it read ahead, in part or not at all', { timeout: 60_000 }, async () => {
  const root = temporaryFolder();
  fillComparedRun(root);
  const library = createLibrary(() => [join(root, 'compared')]);
  const sets = ['compared:neat', 'compared:rash'];
  const expected = createComparer(library).compare(sets);

  const whole = createComparer(library);
  await whole.readAhead(AbortSignal.timeout(60_000));
  expect(whole.compare(sets)).toEqual(expected);

  const part = createComparer(library);
  const reading = part.readAhead(AbortSignal.abort());
  expect(part.compare(sets)).toEqual(expected);
  await reading;
});

it('reads ahead of a folder that is gone without a word', async () => {
  const comparer = createComparer(createLibrary(() => [join(temporaryFolder(), 'gone')]));
  await expect(comparer.readAhead(AbortSignal.timeout(60_000))).resolves.toBeUndefined();
});
