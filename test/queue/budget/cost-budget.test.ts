import { describe, expect, it } from 'vitest';
import { costBudget } from '../../../src/queue/budget/cost-budget.ts';
import { seededRandom } from '../../../src/statistic/random.ts';

const waiting = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ id: String(place), amount: 0, place }));

describe('the money of a run', () => {
  const budget = costBudget(1);

  it('is set aside for as many requests as the dearest one so far leaves room for', () => {
    const known = budget.spend(budget.open(0), 0.3, 0);
    const { granted, state } = budget.serve(known, waiting(10), 0);
    expect(granted.map(({ amount }) => amount)).toEqual([0.3, 0.3, 0.3]);
    expect(budget.serve(state, waiting(1), 0).granted).toEqual([]);
  });

  it('is given back where a request cost less or never ended', () => {
    const { state } = budget.serve(budget.spend(budget.open(0), 0.5, 0), waiting(2), 0);
    expect(state).toMatchObject({ reserved: 0.5, underWay: 1 });
    const back = budget.settle(state, 0.5, 0, 0);
    expect(back).toMatchObject({ spent: 0.5, reserved: 0, underWay: 0 });
    expect(budget.serve(back, waiting(1), 0).granted).toHaveLength(1);
  });

  it('is closed when it is spent, or where a cost is not known', () => {
    expect(budget.spend(budget.open(0), 1, 0).closed).toBe('spent');
    expect(budget.spend(budget.open(0), undefined, 0).closed).toBe('unknown-cost');
    expect(costBudget(1, 1).open(0).closed).toBe('spent');
    expect(costBudget(Number.POSITIVE_INFINITY).spend(budget.open(0), undefined, 0).closed).toBeUndefined();
    expect(budget.serve(budget.spend(budget.open(0), 2, 0), waiting(3), 0).granted).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('is overspent by the requests of one moment at most (seed %i)', (seed) => {
    const random = seededRandom(seed);
    let state = budget.open(0);
    const held: number[] = [];
    let dearest = 0;
    while (!state.closed) {
      const served = budget.serve(state, waiting(1), 0);
      state = served.state;
      held.push(...served.granted.map(({ amount }) => amount));
      if (served.granted.length > 0 && random() < 0.7) continue;
      const [amount = 0] = held.splice(Math.floor(random() * held.length), 1);
      const used = random() * 0.05;
      dearest = Math.max(dearest, used);
      state = budget.settle(state, amount, used, 0);
    }
    expect(state.spent).toBeLessThan(1 + dearest);
  });
});
