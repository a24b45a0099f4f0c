import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { scoreTrace } from '../../src/scored-trace.ts';
import { writeRun } from '../../src/trace/run-file.ts';
import { takeSnapshot } from '../../src/viewer/html-report.ts';
import { chooseRuns, createLibrary } from '../../src/viewer/library.ts';
import { createRunList, createRunPages } from '../../src/viewer/run-response.ts';
import { createIndexCache } from '../../src/viewer/trial-index.ts';
import { beginTrial, writeMadeRun } from './made-run.ts';

const dir = mkdtempSync(join(tmpdir(), 'proctor-run-list-'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('lists by the scores that are kept, and reads a run again only once it was written or scored', async () => {
  const runDir = join(dir, 'made');
  const one = beginTrial(runDir, 'one').end({ reward: 1 });
  writeMadeRun(runDir, { one });
  const list = createRunList(chooseRuns(dir, dir).library);
  const [unscored] = await list();
  expect(unscored).toMatchObject({ trials: 1, ended: 1, scored: 0 });
  scoreTrace(join(runDir, 'one'));
  const [scored] = await list();
  expect(scored).toMatchObject({ scored: 1, completion: { mean: 1 } });
  expect((await list())[0]).toBe(scored);
  beginTrial(runDir, 'two');
  writeMadeRun(runDir, { one, two: undefined });
  expect((await list())[0]).toMatchObject({ status: 'running', trials: 2, ended: 1, running: 1, scored: 1 });
});

it('names what is wrong with a trace that cannot be read, and gives the other trials of its run', async () => {
  const runDir = join(dir, 'made');
  const good = beginTrial(runDir, 'good').end({ reward: 1 });
  const newer = beginTrial(runDir, 'newer').end({ reward: 1 });
  const run = writeMadeRun(runDir, { good, newer });
  const log = join(runDir, 'newer', 'trace.jsonl');
  writeFileSync(log, '{"type":"trial.started","version":99}\n{"type":"trial.ended"}\n');
  const { trials } = await createRunPages(createIndexCache())(run, runDir);
  expect(trials.map(({ trial, error }) => [trial, error?.code])).toEqual([
    ['good', undefined],
    ['newer', 'bad-trace'],
  ]);
  expect(trials[1]?.error?.message).toBe(`${log}:1: trace version 99 is newer than 2, the newest known here`);
});

it('keeps a report of the trials that can be read, beside one that cannot and one that was not started', async () => {
  const runDir = join(dir, 'made');
  const good = beginTrial(runDir, 'good').end({ reward: 1 });
  const cut = beginTrial(runDir, 'cut').end({ reward: 1 });
  const run = writeMadeRun(runDir, { good, cut });
  const [first] = run.trials;
  if (!first) throw new Error('the run has no trial');
  const { outcome: _, head: __, ...rest } = first;
  const waiting = { ...rest, trial: 'later', dir: 'later', status: 'waiting' as const };
  writeRun(runDir, { ...run, status: 'interrupted', trials: [...run.trials, waiting] });
  writeFileSync(join(runDir, 'cut', 'trace.jsonl'), '{"type":"trial.started","version":99}\n');
  const snapshot = await takeSnapshot(
    createLibrary(() => [runDir]),
    'made',
    'findings',
  );
  expect(snapshot.run.trials.map(({ trial }) => trial)).toEqual(['good', 'cut', 'later']);
  expect(Object.keys(snapshot.trials)).toEqual(['good']);
});

it('reads a run whose process has gone once, until it is written again', async () => {
  const runDir = join(dir, 'made');
  const trial = beginTrial(runDir, 'one');
  const pid = 2 ** 22 + 1;
  writeMadeRun(runDir, { one: undefined }, { pid });
  const library = createLibrary(() => [runDir]);
  const pageOf = createRunPages(createIndexCache());
  const page = async () => {
    const found = library.run('made');
    return pageOf(found.run, found.dir);
  };
  const first = await page();
  expect(first).toMatchObject({ run: { status: 'interrupted' }, trials: [{ status: 'interrupted' }] });
  expect(await page()).toBe(first);
  writeMadeRun(runDir, { one: trial.end() }, { pid });
  expect(await page()).toMatchObject({ run: { status: 'done' }, trials: [{ status: 'ended' }] });
});
