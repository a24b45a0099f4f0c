import { expect, it } from 'vitest';
import type { TrialScore } from '../../src/schema/score.ts';
import {
  agreementOf,
  agreementOfPeople,
  correctedFor,
  labelledShareLine,
  labelledShares,
} from '../../src/scoring/agreement.ts';
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

it('takes what most of several people say, and tells how far they agree with each other', () => {
  const labels = {
    a: { report: [true, true, false] },
    b: { report: [false, null, false] },
    c: { report: [true, false] },
    d: { report: [true, true] },
  };
  const { report } = agreementOf(
    ['a', 'b', 'c', 'd'].map((trial) => told(trial, trial !== 'b')),
    labels,
  );
  expect(report).toMatchObject({ n: 3, agreed: 3 });
  // By hand: 5 of 9 ratings are yes; ordered pairs that differ come to 4/2 + 2 observed, and 2 × 5 × 4 / 8 expected.
  expect(agreementOfPeople(labels, 'report')?.labels).toBe(4);
  expect(agreementOfPeople(labels, 'report')?.alpha).toBeCloseTo(1 - 4 / 5, 12);
  expect(agreementOfPeople({ a: { report: [true, true] } }, 'report')).toEqual({ labels: 1, alpha: null });
  expect(agreementOfPeople({ a: { report: true } }, 'report')).toBeUndefined();
});

it('has no kappa where both always say the same', () => {
  expect(agreementOf([told('t', false)], { t: { report: false } }).report).toMatchObject({
    agreed: 1,
    kappa: null,
  });
});

/** So many trials, of which the judge finds those up to `found`, and labels say that those up to `so` are so. */
const made = (count: number, found: number, so: number) => ({
  scores: Array.from({ length: count }, (_, at) => told(`t${at}`, at < found)),
  labels: Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, { report: at < so }])),
});

it('corrects what was found for the errors that labels showed, where the judge tells anything', () => {
  const { scores, labels } = made(40, 20, 16);
  const { report } = agreementOf(scores, labels);
  expect(report).toMatchObject({ caught: { count: 16, of: 16 }, cleared: { count: 20, of: 24 } });
  expect(correctedFor(report, { count: 20, n: 40 })?.share).toBeCloseTo(0.4, 12);
  expect(correctedFor(undefined, { count: 20, n: 40 })).toBeUndefined();
  const blind = {
    ...made(40, 20, 0),
    labels: { t0: { report: true }, t30: { report: true }, t1: { report: false } },
  };
  const { report: chance } = agreementOf([...blind.scores], { ...blind.labels, t31: { report: false } });
  expect(correctedFor(chance, { count: 20, n: 40 })).toBeUndefined();
});

it('tells of all that was judged by the labels of some, and nothing where there are few or all have one', () => {
  const { scores, labels } = made(60, 30, 24);
  const some = Object.fromEntries(Object.entries(labels).filter((_, at) => at % 3 === 0));
  const [one, ...others] = labelledShares(scores, some);
  if (!one) throw new Error('expected a share');
  expect(others).toEqual([]);
  expect(one).toMatchObject({ question: 'report', labels: 20, found: { count: 30, of: 60 } });
  expect(one.estimate.share).toBeCloseTo(0.4, 1);
  expect(labelledShareLine(one)).toMatch(
    /^reports: the judge found 30 of 60; by 20 labels and its answers to all, 0\.4/,
  );
  expect(labelledShares(scores, labels)).toEqual([]);
  expect(labelledShares(scores, { t0: { report: true } })).toEqual([]);
});
