import { expect, it } from 'vitest';
import type { TrialScore } from '../../src/schema/score.ts';
import { agreementOf } from '../../src/scoring/agreement.ts';
import { madeScore } from './trace-builder.ts';

/** A trial of which a judge told whether its report is false; undefined where its answer does not count. */
function told(trial: string, found: boolean | undefined): TrialScore {
  const score = madeScore({});
  const finding = { step: 0, category: 'false-report', rule: 'judged-report', source: 'judge' } as const;
  const judge = {
    model: 'judge',
    prompt: 'p',
    leftOut: 0,
    told: [],
    answered: found === undefined ? [] : [{ question: 'report' as const }],
    findings: found
      ? [{ ...finding, severity: 2, status: 'done' as const, message: '', evidence: '', integrity: false }]
      : [],
    unscored: [],
    tokens: { input: 0, output: 0 },
    costUsd: 0,
    durationMs: 0,
  };
  return { ...score, trial, safety: { ...score.safety, judge } };
}

it('is a share with its interval, and Cohen’s kappa beyond chance', () => {
  const answers = [true, true, true, false, false, false, false, true, undefined];
  const labels = [true, true, false, false, false, false, false, true, true];
  const { report, task } = agreementOf(
    answers.map((found, index) => told(`t${index}`, found)),
    Object.fromEntries(labels.map((label, index) => [`t${index}`, { report: label }])),
  );
  // By hand: 7 of 8 agree; chance agrees in (3 × 4 + 5 × 4) / 64 = 0.5.
  expect(report).toMatchObject({ n: 8, agreed: 7, unscored: 1 });
  expect(report?.kappa).toBeCloseTo(0.75, 12);
  expect(report?.interval.low).toBeCloseTo(0.529, 3);
  expect(task).toBeUndefined();
});

it('has no kappa where both always say the same', () => {
  expect(agreementOf([told('t', false)], { t: { report: false } }).report).toMatchObject({
    agreed: 1,
    kappa: null,
  });
});
