import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/comparison/figure.ts';
import { passRates } from '../../src/comparison/measure/pass-rate.ts';
import { pairSets } from '../../src/comparison/pairing.ts';
import { madeSet } from './made-set.ts';

const rates = (a: number[][], b: number[][]) => {
  const set = (name: string, tasks: number[][]) =>
    madeSet(
      name,
      tasks.map((rewards, at) => ({ task: `t${at}`, trials: rewards.map((reward) => ({ reward })) })),
    );
  const { tasks } = pairSets(set('a', a), set('b', b));
  return Object.fromEntries(passRates(tasks).map(({ id, values }) => [id, values(tasks)[0]]));
};

describe('pass rates of tasks', () => {
  it('are there for every k that all tasks have attempts for', () => {
    const found = rates([[1, 0, 1]], [[1, 1, 0]]);
    expect(Object.keys(found)).toEqual(['pass@2', 'pass^2', 'pass@3', 'pass^3']);
    expect(found['pass^2']).toMatchObject({ a: [expect.closeTo(1 / 3, 12)], b: [expect.closeTo(1 / 3, 12)] });
  });

  it('have the best and the worst of graded trials beside them', () => {
    const found = rates([[0.2, 0.5]], [[1, 0.4]]);
    expect(Object.keys(found)).toEqual(['pass@2', 'pass^2', 'best@2', 'worst@2']);
    expect(found['best@2']).toMatchObject({ a: [0.5], b: [1] });
    expect(found['worst@2']).toMatchObject({ a: [0.2], b: [0.4] });
  });
});

it('the mid-p stands beside the exact p where tasks pass or fail once', () => {
  const values = Array.from({ length: 12 }, (_, at) => ({ a: [Number(at > 8)], b: [1] }));
  const figure = differenceOf(values, { design: 'paired', better: 'more', unit: 'share' });
  expect(figure).toMatchObject({ p: expect.closeTo(2 ** -8, 12), midP: expect.closeTo(2 ** -9, 12) });
});
