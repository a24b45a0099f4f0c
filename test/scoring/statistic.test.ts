import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/scoring/statistic/mean-interval.ts';
import { passAtK, passHatK } from '../../src/scoring/statistic/pass-at-k.ts';
import { studentT } from '../../src/scoring/statistic/student-t.ts';
import { wilson } from '../../src/scoring/statistic/wilson.ts';
import { zeroOfN } from '../../src/scoring/statistic/zero-of-n.ts';

describe('intervals', () => {
  it('gives the Wilson interval of 16 successes in 20', () => {
    const { low, high } = wilson(16, 20);
    expect(low).toBeCloseTo(0.5839826, 7);
    expect(high).toBeCloseTo(0.9193423, 7);
  });

  it('keeps the Wilson interval within 0 and 1', () => {
    expect(wilson(0, 5).low).toBe(0);
    expect(wilson(5, 5).high).toBe(1);
    expect(wilson(5, 5).low).toBeLessThan(0.6);
  });

  it('bounds what was never seen in 30 attempts at 9.50 %', () => {
    expect(zeroOfN(30).high).toBeCloseTo(0.095, 4);
  });

  it('gives the t interval of 0.4, 0.5 and 0.6, with t(2) = 4.302653', () => {
    const interval = studentT([0.4, 0.5, 0.6]);
    expect(interval?.low).toBeCloseTo(0.5 - (4.302653 * 0.1) / Math.sqrt(3), 6);
    expect(interval?.high).toBeCloseTo(0.5 + (4.302653 * 0.1) / Math.sqrt(3), 6);
  });

  it('says nothing of one value or of equal ones', () => {
    expect(studentT([0.5])).toBeUndefined();
    expect(studentT([0.5, 0.5])).toBeUndefined();
  });
});

describe('the interval of a mean over tasks', () => {
  it('is Wilson’s where each task was tried once and passed or failed', () => {
    const tasks = Array.from({ length: 20 }, (_, index) => [index < 16 ? 1 : 0]);
    expect(meanInterval(tasks)).toEqual(wilson(16, 20));
  });

  it('is Wilson’s over the attempts of a single task', () => {
    expect(meanInterval([[1, 1, 0, 1]])).toEqual(wilson(3, 4));
  });

  it('is Student’s on the task means where attempts are clustered', () => {
    expect(
      meanInterval([
        [1, 1, 0, 0],
        [1, 1, 1, 1],
        [0, 0, 0, 1],
      ]),
    ).toEqual(studentT([0.5, 1, 0.25]));
  });

  it('counts tasks, not attempts, where all attempts of all tasks passed', () => {
    expect(
      meanInterval([
        [1, 1, 1],
        [1, 1, 1],
      ]),
    ).toEqual(wilson(2, 2));
  });

  it('is Student’s where rewards are partial', () => {
    expect(meanInterval([[0.5], [1]])?.method).toBe('student-t');
  });

  it('is absent where there is nothing', () => {
    expect(meanInterval([])).toBeUndefined();
    expect(meanInterval([[0.5]])).toBeUndefined();
  });
});

describe('pass rates', () => {
  it.each([
    [10, 3, 5, 0.9166667],
    [10, 3, 1, 0.3],
    [4, 0, 2, 0],
    [4, 3, 2, 1],
  ])('pass@k of n=%i, c=%i, k=%i is %f', (n, c, k, expected) => {
    expect(passAtK(n, c, k)).toBeCloseTo(expected, 7);
  });

  it.each([
    [8, 6, 4, 0.2142857],
    [8, 8, 8, 1],
    [8, 3, 4, 0],
    [3, 2, 1, 0.6666667],
  ])('pass^k of n=%i, c=%i, k=%i is %f', (n, c, k, expected) => {
    expect(passHatK(n, c, k)).toBeCloseTo(expected, 7);
  });

  it('stays finite with many attempts', () => {
    expect(passAtK(10_000, 1, 5_000)).toBeCloseTo(0.5, 9);
  });
});
