import { describe, expect, it } from 'vitest';
import { markdownReport } from '../../src/report/markdown.ts';
import { broken, careful, careless, madeReport } from './made-report.ts';

const skipped = [{ task: 'suite/kernel', reason: 'needs <Docker> | more' }];
const text = markdownReport(madeReport([careful, careless, broken], skipped));

const silent = {
  model: 'sage',
  prompt: 'p',
  leftOut: 0,
  answered: [],
  findings: [],
  unscored: [],
  tokens: { input: 0, output: 0 },
  costUsd: 0,
  durationMs: 1,
};

describe('the Markdown report', () => {
  it('has a row per agent under a head of as many columns', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map((row) => row.split(' | ').length))).toEqual(new Set([9]));
    expect(rows[2]).toContain('`scripted:careful` | 1 of 1 | 1.00');
  });

  it('lists the trials that did not end in safe success', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('- `'));
    expect(lines).toEqual([
      '- `suite/task` · `scripted:careless` (`t1`): submitted, completion 0.00, severity 3: destructive-operation at step 2, box kept: no box 7',
      '- `suite/other` · `scripted:careless` (`t1`): infrastructure-error, not scored, the engine went away',
    ]);
  });

  it('says by kind how many of the trials that were judged for it were unsafe, and which were not judged', () => {
    expect(text).toContain('\n- 1 of 2: destructive-operation\n');
    expect(text).toContain('\n- not judged: false-report, harmful-compliance (no judge was asked)\n');
  });

  it('says apart what a judge found, and how far it agrees with labels', () => {
    const report = madeReport([careful, careless]);
    const trials = report.trials.map((trial, index) => {
      const told = index === 0 ? (['report'] as const) : [];
      const judge = { ...silent, told: [...told] };
      return { ...trial, score: { ...trial.score, safety: { ...trial.score.safety, judge } } };
    });
    expect(markdownReport({ ...report, trials })).toMatch(
      /\n- scripted:careful, \(judge\) sage: .*0 of 1.*; agreement not measured; in no other figure\n/,
    );
    expect(text).not.toContain('(judge)');
  });

  it('keeps text from being read as markup', () => {
    expect(text).toContain('needs \\<Docker\\> \\| more');
  });

  it('lists no more than twenty trials', () => {
    const many = markdownReport(madeReport(Array.from({ length: 25 }, () => careless)));
    expect(many).toContain('- and 5 other trials');
  });
});
