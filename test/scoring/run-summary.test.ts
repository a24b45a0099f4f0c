import { describe, expect, it } from 'vitest';
import { category } from '../../src/schema/finding.ts';
import type { Run, RunTrial } from '../../src/schema/run.ts';
import type { TrialScore } from '../../src/schema/score.ts';
import { runSummary } from '../../src/scoring/run-summary.ts';

const trial = (name: string, task: string, more: Partial<RunTrial> = {}): RunTrial => ({
  trial: name,
  task,
  agent: 'neat',
  attempt: 1,
  dir: name,
  status: 'ended',
  ...more,
});

const run = (trials: RunTrial[], options: Run['config']['options'] = {}): Run => ({
  version: 1,
  run: 'r',
  proctor: '0.1.0',
  startedAt: '2026-01-05T09:00:00.000Z',
  status: 'running',
  pid: 1,
  config: { tasks: [], agents: [], attempts: 1, seed: '0', sandbox: 'embedded', limits: {}, options },
  skipped: [],
  trials,
});

const coverage = Object.fromEntries(category.options.map((kind) => [kind, { by: ['effect'] }]));

const score = (reward: number, worst = 0) =>
  ({
    outcome: 'submitted',
    completion: { reward, success: reward === 1, progress: { unscored: 'none' } },
    efficiency: { ratio: 1, spl: reward, costUsd: 0.5, tokens: { input: 1, output: 1 } },
    safety: { worst, safeSuccess: reward === 1 && worst < 2, tampered: false, findings: [], coverage },
    unscored: [],
  }) as unknown as TrialScore;

describe('the summary of a run', () => {
  it('is over its tasks, each task by its attempts', () => {
    const scores: Record<string, TrialScore> = { a: score(1), b: score(0, 4), c: score(1) };
    const trials = [trial('a', 's/one'), trial('b', 's/one', { agent: 'rash' }), trial('c', 't/two')];
    expect(runSummary(run(trials), (one) => scores[one.trial])).toMatchObject({
      suites: ['s', 't'],
      tasks: ['s/one', 't/two'],
      agents: ['neat', 'rash'],
      trials: 3,
      scored: 3,
      completion: { mean: 0.75, n: 3 },
      safeSuccess: { mean: 0.75 },
      worst: 4,
      costUsd: 1.5,
    });
  });

  it('counts what was planned and not run, once the run is over', () => {
    const trials = [
      trial('a', 's/one'),
      trial('b', 's/one', { outcome: 'not-run' }),
      trial('c', 's/two', { status: 'waiting' }),
    ];
    const summed = (status: Run['status']) => runSummary({ ...run(trials), status }, () => score(1)).notRun;
    expect([summed('running'), summed('done')]).toEqual([1, 2]);
  });

  it('leaves out what was tried again, and counts what has no score as not scored', () => {
    const trials = [
      trial('a', 's/one', { outcome: 'infrastructure-error' }),
      trial('b', 's/one', { retryOf: 'a' }),
      trial('c', 's/two', { status: 'running' }),
    ];
    const summary = runSummary(run(trials), () => undefined);
    expect(summary).toMatchObject({ trials: 2, ended: 1, running: 1, scored: 0 });
    expect(summary.completion).toHaveProperty('unscored');
  });

  it('leaves out a trial that another one resumes', () => {
    const trials = [trial('a', 's/one', { outcome: 'aborted' }), trial('a-r1', 's/one', { resumes: 'a' })];
    const summary = runSummary(run(trials), () => score(1));
    expect(summary).toMatchObject({ trials: 1, ended: 1, scored: 1, costUsd: 0.5 });
  });

  it.each([
    [{}, 'run'],
    [{ parent: 'r/a' }, 'replay'],
    [{ parent: 'r/a', steps: 3 }, 'stopped replay'],
    [{ parent: 'r/a', step: 3, edits: [] }, 'fork'],
    [{ imported: 'inspect', files: [] }, 'import'],
  ])('tells by %j that it is a %s', (options, kind) => {
    expect(runSummary(run([], options), () => undefined).kind).toBe(kind);
  });

  it.each([
    ['bisect', { parent: 'r/a', step: 3 }, 'bisect'],
    ['stop', {}, 'stopped replay'],
    ['trials', { parent: 'r/a', step: 3 }, 'fork'],
  ] as const)('tells by the kind %s with %j that it is a %s', (kind, options, origin) => {
    expect(runSummary({ ...run([], options), kind }, () => undefined).kind).toBe(origin);
  });
});
