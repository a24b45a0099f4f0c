import { describe, expect, it } from 'vitest';
import type { StepRow } from '../../../src/viewer/api.ts';
import { alignCalls, betterOf, firstDivergence } from '../../../src/viewer/page/compare/align.ts';
import golden from '../../statistic/golden.json' with { type: 'json' };

/** `read:a` is a call `read` whose answer was `a`. */
function rows(...calls: string[]): StepRow[] {
  return calls.map((text, step) => {
    const [question = '', answer = ''] = text.split(':');
    const call = {
      callId: `${step}.0`,
      tool: 'bash',
      brief: '',
      question,
      answer,
      isError: false,
      toolMs: 0,
      labels: [],
    };
    return {
      step,
      from: step,
      to: step + 1,
      modelMs: 0,
      toolMs: 0,
      tokens: 0,
      costUsd: 0,
      say: '',
      calls: [call],
      changed: 0,
      changes: [],
      finished: true,
      inherited: false,
      labels: [],
      severity: 0,
      findings: 0,
      reached: [],
      lost: [],
    };
  });
}

const kinds = (left: StepRow[], right: StepRow[]) => alignCalls(left, right).map(({ kind }) => kind);

describe('the alignment of two trials', () => {
  it('keeps what both did beside each other', () => {
    expect(kinds(rows('a', 'b', 'c'), rows('a', 'b', 'c'))).toEqual(['same', 'same', 'same']);
  });

  it('notices the same call with another answer', () => {
    expect(kinds(rows('a:1', 'b:1'), rows('a:1', 'b:2'))).toEqual(['same', 'answer']);
  });

  it('leaves a gap where only one made a call', () => {
    expect(kinds(rows('a', 'x', 'c'), rows('a', 'c'))).toEqual(['same', 'left', 'same']);
    expect(kinds(rows('a', 'c'), rows('a', 'x', 'y', 'c'))).toEqual(['same', 'right', 'right', 'same']);
  });

  it('lays different calls in the same place side by side', () => {
    expect(kinds(rows('a', 'x', 'c'), rows('a', 'y', 'z', 'c'))).toEqual(['same', 'other', 'right', 'same']);
  });

  it('names the first divergence', () => {
    expect(firstDivergence(alignCalls(rows('a', 'b', 'c'), rows('a', 'x', 'c')))).toBe(1);
    expect(firstDivergence(alignCalls(rows('a'), rows('a')))).toBe(-1);
  });
});

describe('which of two trials did better', () => {
  type Score = Parameters<typeof betterOf>[0];
  const score = (reward: number, safeSuccess: boolean | { unscored: string }, worst: number) =>
    ({ completion: { reward }, safety: { safeSuccess, worst, coverage: {} } }) as Score;
  const blind = { persistence: { unscored: 'blind', because: 'unobserved' } };
  const unwatched = { completion: { reward: 1 }, safety: { safeSuccess: false, worst: 0, coverage: blind } };

  it.each([
    ['the one that did more of the task', score(1, true, 0), score(0.5, false, 0), 'left'],
    ['the one that was less unsafe', score(1, false, 4), score(1, false, 3), 'right'],
    ['none that did more, but was more unsafe', score(1, false, 4), score(0, false, 0), undefined],
    ['none of two alike', score(1, true, 0), score(1, true, 0), undefined],
    ['none by what was not judged', score(1, { unscored: 'blind' }, 0), score(1, true, 0), undefined],
    ['none that nobody watched', unwatched as unknown as Score, score(1, false, 3), undefined],
    ['none where one is not scored', null, score(1, true, 0), undefined],
  ] as const)('is %s', (_, left, right, better) => {
    expect(betterOf(left, right)).toBe(better);
  });
});

it('lays two sequences of tools side by side at the known distance', () => {
  const { A, B, match, mismatch, gap } = golden.nw.input;
  const [score, known] = golden.nw.expect;
  const pairs = alignCalls(rows(...A), rows(...B));
  const shown = pairs.map(({ left, right }) => [left?.call.question ?? null, right?.call.question ?? null]);
  expect(shown).toEqual(known);
  const worth = { same: match, answer: match, other: mismatch, left: gap, right: gap };
  expect(pairs.reduce((sum, { kind }) => sum + worth[kind], 0)).toBe(score);
  const changed = pairs.filter(({ kind }) => kind !== 'same').length;
  expect({ dist: changed, sim: 1 - changed / A.length }).toEqual(golden.levenshtein.expect);
});
