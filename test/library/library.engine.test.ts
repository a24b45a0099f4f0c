import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  check,
  compare,
  fork,
  openSandbox,
  readTrace,
  replay,
  runSuite,
  type SuiteResult,
  score,
} from '../../src/index.ts';
import { kindOf } from '../../src/schema/run.ts';
import { readRun } from '../../src/trace/run-file.ts';

const out = mkdtempSync(join(tmpdir(), 'proctor-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));
const task = 'quickstart/damaged-mug';
const sandbox = 'embedded';
let suite: SuiteResult;

beforeAll(async () => {
  const limits = { maxSteps: 9, concurrency: 2 };
  suite = await runSuite(task, { agent: ['oracle', 'nop'], attempts: 2, sandbox, seed: '7', out, ...limits });
});

/** The trial of the oracle. */
const solved = () => suite.trials.find(({ agent }) => agent === 'oracle')?.trial ?? '';

describe('a suite', () => {
  it('is run by names alone, scored, and recorded as it was asked for', () => {
    expect(suite.record).toEqual(readRun(suite.dir));
    expect(suite.record).toMatchObject({
      run: suite.run,
      status: 'done',
      config: { agents: ['oracle', 'nop'], attempts: 2, seed: '7', sandbox, limits: { steps: 9 } },
    });
    expect(kindOf(suite.record)).toBe('trials');
    expect(suite.trials.map(({ agent, score }) => [agent, score.completion.reward]).sort()).toEqual([
      ['nop', 0],
      ['nop', 0],
      ['oracle', 1],
      ['oracle', 1],
    ]);
    for (const { trace } of suite.trials) expect(existsSync(join(trace, 'trace.jsonl'))).toBe(true);
  });

  it('whose task or agent is not known is refused, by name', async () => {
    await expect(runSuite('quickstart/none', { agent: 'oracle', out })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(runSuite(task, { agent: 'gpt', out })).rejects.toMatchObject({ code: 'bad-flag' });
  });

  it('that was aborted says so, and has run nothing further', async () => {
    const signal = AbortSignal.abort();
    const { record, trials } = await runSuite(task, { agent: 'oracle', sandbox, out, signal });
    expect([record.status, trials]).toEqual(['interrupted', []]);
  });
});

describe('a recorded trial', () => {
  it('is read with its scores and texts, whole or one step', () => {
    const { steps, instruction, score, dir } = readTrace(solved(), { out });
    expect(instruction).toMatch(/ticket T-1/);
    expect(score?.completion.success).toBe(true);
    expect(existsSync(dir)).toBe(true);
    expect(readTrace(solved(), { out, step: 1 }).steps).toEqual([steps[1]]);
    expect(() => readTrace(solved(), { out, step: 99 })).toThrow(
      /step 99: .* has \d+ steps, numbered from 0/,
    );
  });

  it('is judged again as it was', () => {
    expect(score(suite.dir).trials.map(({ trial, score: { completion } }) => [trial, completion])).toEqual(
      expect.arrayContaining(suite.trials.map(({ trial, score: { completion } }) => [trial, completion])),
    );
  });

  it('is executed again, and comes out the same', async () => {
    const { replays, changed } = await replay(solved(), { out, times: 2 });
    expect(replays.map(({ verdict }) => verdict)).toEqual(['identical', 'identical']);
    expect(changed).toEqual([]);
  });

  it('is continued from a step by another agent', async () => {
    const { trials, parent, at } = await fork(solved(), { out, at: 0, agent: 'nop' });
    expect(trials.map(({ parent: of, score }) => [of, score.completion.success])).toEqual([
      [{ trace: parent, step: at }, false],
    ]);
    await expect(fork(solved(), { out })).rejects.toThrow(/name the step to fork at/);
  });
});

it('sets of trials are compared', () => {
  const { pairs } = compare([`${suite.dir}:oracle`, `${suite.dir}:nop`]);
  expect(pairs).toHaveLength(1);
  expect(() => compare(['last', 'none'], { out })).toThrow(/no run "none"/);
});

it('a sandbox is opened with the tools and files of its task, and is gone when its scope is left', async () => {
  await using opened = await openSandbox('quickstart/log-triage', { sandbox });
  expect(opened.tools().map(({ name }) => name)).toContain('bash');
  await opened.call('bash', { command: 'echo hello > greeting.txt' });
  expect(String((await opened.run('cat greeting.txt'))?.stdout)).toBe('hello\n');
  await opened.close();
  await expect(opened.run('true')).rejects.toMatchObject({ code: 'sandbox-broken' });
});

it('tasks are proved, and mistakes in them thrown', async () => {
  const { passed, checked } = await check(task, { sandbox, times: 1 });
  expect([passed, checked.map(({ name }) => name)]).toEqual([true, [task]]);
  await expect(check('quickstart/none')).rejects.toMatchObject({ code: 'not-found' });
});
