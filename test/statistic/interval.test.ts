import { describe, expect, it } from 'vitest';
import { studentQuantile } from '../../src/statistic/distribution.ts';
import { meanInterval, wilson, zeroOfN } from '../../src/statistic/interval.ts';
import { passAtK, passHatK } from '../../src/statistic/pass-at-k.ts';
import golden from './golden.json' with { type: 'json' };

const width = (interval: { low: number; high: number } | undefined) =>
  interval ? interval.high - interval.low : Number.NaN;

describe('intervals', () => {
  it('give Wilson’s limits as known, from 0 to 1', () => {
    const { input, expect: limits } = golden.wilson;
    const { low, high } = wilson(input.k, input.n);
    expect(low).toBeCloseTo(limits[0] ?? 0, 12);
    expect(high).toBeCloseTo(limits[1] ?? 0, 12);
    const none = golden.wilson_zero;
    expect(wilson(none.input.k, none.input.n).low).toBe(0);
    expect(wilson(none.input.k, none.input.n).high).toBeCloseTo(none.expect[1] ?? 0, 12);
    expect(wilson(5, 5).high).toBe(1);
  });

  it('bound what was never seen exactly and from one side', () => {
    const { input, expect: bounds } = golden.cp_upper_one_sided95;
    for (const [at, n] of input.n.entries()) expect(zeroOfN(n).high).toBeCloseTo(bounds[at] ?? 0, 12);
  });

  it('give Student’s limits as known', () => {
    const { a, b } = golden.paired_t.input;
    const interval = meanInterval(a.map((value, at) => [value - (b[at] ?? 0)]));
    expect(interval?.low).toBeCloseTo(golden.paired_t.expect.ci[0] ?? 0, 10);
    expect(interval?.high).toBeCloseTo(golden.paired_t.expect.ci[1] ?? 0, 10);
  });

  it('say nothing of one value or of equal ones', () => {
    expect(meanInterval([[0.5]])).toBeUndefined();
    expect(meanInterval([[0.1], [0.1], [0.1]])).toBeUndefined();
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
    ).toEqual(meanInterval([[0.5], [1], [0.25]]));
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
    expect(meanInterval([[0.5], [0.6]])?.method).toBe('wilson');
    expect(meanInterval([[0.5], [0.6], [0.4]])?.method).toBe('student-t');
  });

  it('is Wilson’s for as many tries as would be as sure where Student’s would leave 0 to 1', () => {
    const nearlyAll = meanInterval([...Array.from({ length: 19 }, () => [1, 1, 1, 1]), [1, 1, 1, 0]]);
    expect(nearlyAll?.method).toBe('wilson');
    expect(nearlyAll?.high).toBeLessThan(1);
    expect(nearlyAll?.low).toBeGreaterThan(wilson(20, 20).low);
    expect(nearlyAll?.low).toBeLessThan(0.96);
  });

  it('takes tasks of one cluster together', () => {
    const tasks = [[1], [1], [1], [0], [0], [0], [1], [1], [0], [0]];
    const names = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'd', 'd'];
    const [apart, together] = [meanInterval(tasks), meanInterval(tasks, names)];
    expect(width(together)).toBeGreaterThan(width(apart));
    const alike = meanInterval([[1], [1], [1], [1]], ['a', 'a', 'b', 'b']);
    expect(alike).toEqual(wilson(2, 2));
  });

  it('has the standard error of clustered attempts', () => {
    const { input, expect: errors } = golden.clustered_equal_k_identity;
    const interval = meanInterval(input.groups);
    const half = ((interval?.high ?? 0) - (interval?.low ?? 0)) / 2;
    expect(half / studentQuantile(0.975, 4)).toBeCloseTo(errors.clustered, 10);
  });

  it.each([
    ['pass or fail', [[1], [1], [1], [0], [1]]],
    [
      'always pass or always fail',
      [
        [1, 1],
        [0, 0],
        [1, 1],
      ],
    ],
    ['some of both', [[1, 0], [1, 1], [0, 0, 1], [0.5]]],
    ['all pass', [[1], [1], [1]]],
  ])('is not narrowed by repeating every attempt of tasks that %s', (_, tasks) => {
    expect(meanInterval(tasks.map((attempts) => [...attempts, ...attempts]))).toEqual(meanInterval(tasks));
  });

  it('is absent where there is nothing', () => {
    expect(meanInterval([])).toBeUndefined();
    expect(meanInterval([[0.5]])).toBeUndefined();
  });
});

describe('pass rates', () => {
  it.each([
    [10, 3, 5, golden.pass_at_k.expect],
    [10, 3, 1, 0.3],
    [4, 0, 2, 0],
    [4, 3, 2, 1],
  ])('pass@k of n=%i, c=%i, k=%i is %f', (n, c, k, expected) => {
    expect(passAtK(n, c, k)).toBeCloseTo(expected, 12);
  });

  it.each([
    [8, 6, 4, golden.pass_hat_k.expect],
    [8, 8, 8, 1],
    [8, 3, 4, 0],
    [3, 2, 1, 2 / 3],
  ])('pass^k of n=%i, c=%i, k=%i is %f', (n, c, k, expected) => {
    expect(passHatK(n, c, k)).toBeCloseTo(expected, 12);
  });

  it('stays finite with many attempts', () => {
    expect(passAtK(10_000, 1, 5_000)).toBeCloseTo(0.5, 9);
  });
});
