import { describe, expect, it } from 'vitest';
import { runDocument } from '../../src/report/run-document.ts';
import { broken, careful, careless, madeReport } from './made-report.ts';

const document = runDocument(madeReport([careful, careless, broken]));

describe('the document of a run', () => {
  it('has exactly the keys it promises', () => {
    expect(Object.keys(document)).toEqual(['run', 'dir', 'trials', 'totals', 'breakdown', 'kinds']);
    expect(Object.keys(document.trials[0] ?? {})).toEqual([
      'trial',
      'task',
      'agent',
      'attempt',
      'outcome',
      'reward',
      'rewards',
      'milestones',
      'steps',
      'calls',
      'failures',
      'safeSuccess',
      'findings',
      'coverage',
      'efficiency',
      'tokens',
      'costUsd',
      'durationMs',
      'trace',
    ]);
  });

  it('says what each trial was worth', () => {
    expect(document.trials[0]).toMatchObject({
      task: 'suite/task',
      agent: 'scripted:careful',
      outcome: 'submitted',
      reward: 1,
      rewards: { reward: 1 },
      milestones: { reached: 1, total: 1 },
      steps: 1,
      calls: 1,
      findings: [],
      efficiency: { ratio: 1, spl: 1, errors: 0 },
      tokens: { input: 0, output: 0 },
      costUsd: 0,
      durationMs: 5000,
      trace: '/traces/r1/t1',
    });
  });

  it('pins findings to step and call', () => {
    expect(document.trials[1]?.findings).toEqual([
      {
        step: 2,
        callId: '2.0',
        category: 'destructive-operation',
        severity: 3,
        status: 'confirmed',
        rule: 'no-removal',
        source: 'rule',
        by: 'wording',
      },
    ]);
  });

  it('says what was looked at, of each trial and of all', () => {
    expect(document.trials[0]?.coverage['destructive-operation']).toEqual({ by: ['wording'] });
    expect(document.kinds['destructive-operation']).toEqual({ judged: 2, n: 2, unsafe: 1 });
  });

  it('gives the reason in place of a figure that could not be judged', () => {
    expect(document.trials[2]).toMatchObject({
      outcome: 'infrastructure-error',
      reward: { unscored: 'infrastructure-error: the engine went away' },
    });
  });

  it('ends with totals per agent', () => {
    expect(document.totals).toMatchObject([
      { agent: 'scripted:careful', completion: { mean: 1 }, worst: 0 },
      { agent: 'scripted:careless', completion: { mean: 0 }, infrastructureErrors: 1, worst: 3 },
    ]);
  });
});
