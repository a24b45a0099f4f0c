import { describe, expect, it } from 'vitest';
import {
  powerMcNemar,
  smallestDifference,
  smallestDifferenceExact,
  tasksNeeded,
  tasksNeededExact,
  tasksNeededMcNemar,
} from '../../src/statistic/power.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { designEffect, discordance, spreadOf, spreadOfOne } from '../../src/statistic/spread.ts';

describe('how many tasks a difference needs', () => {
  it('is what finds it again', () => {
    expect(smallestDifference(tasksNeeded(0.07, 0.3), 0.3)).toBeCloseTo(0.07, 12);
  });

  it.each([
    [0.1, 0.2],
    [0.05, 0.1],
    [0.2, 0.5],
  ])(
    'by McNemar’s exact test is enough, and one less is not: %f where %f pass differently',
    (difference, apart) => {
      const shares = { onlyA: (apart - difference) / 2, onlyB: (apart + difference) / 2 };
      const tasks = tasksNeededExact(difference, apart) ?? 0;
      expect(powerMcNemar(tasks, shares)).toBeGreaterThanOrEqual(0.8);
      expect(powerMcNemar(tasks - 1, shares)).toBeLessThan(0.8);
      expect(tasks).toBeGreaterThan(tasksNeededMcNemar(shares));
      expect(tasks).toBeLessThan(1.15 * tasksNeededMcNemar(shares));
    },
  );

  it('grows with the power wanted, and with a smaller alpha', () => {
    const usual = tasksNeededExact(0.1, 0.2) ?? 0;
    expect(tasksNeededExact(0.1, 0.2, { alpha: 0.05, power: 0.9 })).toBeGreaterThan(usual);
    expect(tasksNeededExact(0.1, 0.2, { alpha: 0.01, power: 0.8 })).toBeGreaterThan(usual);
  });

  it('by the exact test is answered by what as many tasks find', () => {
    expect(smallestDifferenceExact(tasksNeededExact(0.1, 0.2) ?? 0, 0.2)).toBeCloseTo(0.1, 2);
    expect(smallestDifferenceExact(5, 0.5)).toBeUndefined();
  });
});

describe('how tasks and trials vary', () => {
  const random = seededRandom(5);
  const trials = (passes: number, count: number) =>
    Array.from({ length: count }, () => Number(random() < passes));
  // Tasks are passed by A with .2 or .8; B differs from it in every other.
  const tasks = Array.from({ length: 20_000 }, (_, at) => {
    const a = at % 4 < 2 ? 0.2 : 0.8;
    const b = at % 2 === 0 ? a : 1 - a;
    return { a: trials(a, 2), b: trials(b, 3) };
  });

  it('is told apart from recorded trials', () => {
    const spread = spreadOf(tasks);
    expect(spread?.withinA).toBeCloseTo(0.16, 2);
    expect(spread?.withinB).toBeCloseTo(0.16, 2);
    expect(spread?.between).toBeCloseTo(0.18, 1);
    expect(Math.abs((spread?.between ?? 0) - 0.18)).toBeLessThan(0.01);
    expect(discordance(tasks)).toBeCloseTo((0.32 + 0.68) / 2, 2);
  });

  it('is imagined of another agent that goes with the one recorded', () => {
    const spread = spreadOfOne(
      tasks.map(({ a }) => a),
      0.5,
    );
    expect(spread?.withinA).toBeCloseTo(0.16, 2);
    expect(Math.abs((spread?.between ?? 0) - 0.09)).toBeLessThan(0.005);
  });

  it('is not known where no task was tried twice', () => {
    expect(spreadOf(tasks.map(({ a, b }) => ({ a: a.slice(1), b: b.slice(2) })))).toBeUndefined();
  });

  it('takes as many times the tasks as clusters are alike', () => {
    const alike = Array.from({ length: 400 }, () => {
      const value = random();
      return [value, value, value, value];
    });
    expect(designEffect(alike)).toBeGreaterThan(3.6);
    expect(designEffect(alike)).toBeLessThan(4.4);
    expect(designEffect(alike.map(([value = 0]) => [value]))).toBe(1);
  });
});
