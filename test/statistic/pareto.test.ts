import { describe, expect, it } from 'vitest';
import { frontierChance, type Offer, onFrontier, onHull } from '../../src/statistic/pareto.ts';

const offers = [
  { cost: 1, score: 0.4 },
  { cost: 2, score: 0.45 },
  { cost: 3, score: 0.8 },
  { cost: 3, score: 0.7 },
  { cost: 5, score: 0.8 },
];

const offered = (tasks: readonly (readonly Offer[])[]) => tasks.map((offers) => ({ offers }));

describe('the frontier of cost and score', () => {
  it('holds what no other offer beats', () => {
    expect(onFrontier(offers)).toEqual([true, true, true, false, false]);
  });

  it('keeps both of two that are equal', () => {
    expect(onFrontier([offers[0], offers[0]].flatMap((one) => one ?? []))).toEqual([true, true]);
  });

  it('is wider than its hull, which leaves out what a mix of two others beats', () => {
    expect(onHull(offers)).toEqual([true, false, true, false, false]);
  });

  it('is held by chance by agents that differ by chance, and for sure by one that is best at every task', () => {
    const tasks = Array.from({ length: 40 }, (_, at) => [
      { cost: 1, score: 1 },
      { cost: 2, score: at % 2 },
      { cost: 1, score: (at + 1) % 2 },
    ]);
    expect(frontierChance(offered(tasks))).toEqual([1, 0, 0]);
    const [first = 0, second = 0] = frontierChance(
      offered(
        Array.from({ length: 40 }, (_, at) => [
          { cost: 1, score: at % 2 },
          { cost: 1, score: (at + 1) % 2 },
        ]),
      ),
    );
    expect(first).toBeGreaterThan(0.4);
    expect(second).toBeGreaterThan(0.4);
    expect(first + second).toBeLessThan(1.3);
  });

  it('is the same from one run to the next', () => {
    const tasks = [1, 2, 3, 4].map((at) => [
      { cost: at, score: at % 2 },
      { cost: 5 - at, score: at % 3 },
    ]);
    expect(frontierChance(offered(tasks))).toEqual(frontierChance(offered(tasks)));
  });

  it('is no surer for tasks of one cluster that are there several times', () => {
    const tasks = Array.from({ length: 12 }, (_, at) => ({
      offers: [
        { cost: 1, score: Number(at % 3 === 0) },
        { cost: 1, score: Number(at % 4 === 0) },
      ],
      cluster: `template ${at}`,
    }));
    const once = frontierChance(tasks);
    expect(frontierChance(tasks.flatMap((task) => [task, task, task]))).toEqual(once);
    expect(once[1]).toBeGreaterThan(0.05);
  });
});
