import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../../src/queue/budget/budget.ts';
import { type RateState, rateBudget } from '../../../src/queue/budget/rate-budget.ts';
import { type Random, seededRandom } from '../../../src/statistic/random.ts';

const limits = { tokens: 60_000, requests: 600 };
const perMs = limits.tokens / 60_000;
const capacity = limits.tokens / 6;
const budget = rateBudget(limits);

interface Request extends Waiting {
  run: string;
}

/** Requests of random sizes, asked, granted and settled at random times of one clock. */
function simulated(random: Random, { largest = 4000, steps = 400 } = {}) {
  let state: RateState = budget.open(0);
  let now = 0;
  let waiting: Request[] = [];
  const held: Request[] = [];
  const granted: (Request & { at: number })[] = [];
  let used = 0;
  const serve = () => {
    const served = budget.serve(state, waiting, now);
    state = served.state;
    const first = waiting.slice(0, served.granted.length);
    expect(served.granted).toEqual(first);
    waiting = waiting.slice(first.length);
    held.push(...first);
    granted.push(...first.map((one) => ({ ...one, at: now })));
  };
  for (let step = 0; step < steps; step++) {
    now += random() * 300;
    if (random() < 0.6) {
      const run = random() < 0.8 ? 'busy' : 'calm';
      const amount = Math.ceil(random() ** 3 * largest);
      const placed = budget.place(state, { run, amount });
      state = placed.state;
      waiting.push({ id: String(step), run, amount, place: placed.place });
      waiting.sort((a, b) => a.place - b.place || Number(a.id) - Number(b.id));
    }
    if (random() < 0.5) {
      const [one] = held.splice(Math.floor(random() * held.length), 1);
      if (one) {
        const took = Math.round(one.amount * random() * 1.5);
        used += took;
        state = budget.settle(state, one.amount, took, now);
      }
    }
    serve();
  }
  return { granted, used: used + held.reduce((sum, { amount }) => sum + amount, 0), now, state };
}

describe('the tokens and requests of a minute', () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'are never used beyond the limit (seed %i)',
    (seed) => {
      const { used, now, granted, state } = simulated(seededRandom(seed), {
        largest: seed % 2 ? 4000 : 25_000,
      });
      expect(granted.length).toBeGreaterThan(3);
      const debt = Math.max(0, -state.tokens);
      expect(used).toBeLessThanOrEqual(capacity + now * perMs + debt + 0.001);
      expect(granted.length).toBeLessThanOrEqual(limits.requests / 6 + (now * limits.requests) / 60_000);
    },
  );

  it('are used up where there is always somebody who waits', () => {
    let state = budget.open(0);
    let used = 0;
    const random = seededRandom(7);
    for (let now = 0; now <= 120_000; ) {
      const amount = Math.ceil(random() * 3000);
      const served = budget.serve(state, [{ id: 'a', amount, place: 0 }], now);
      state = served.state;
      if (served.granted.length > 0) used += amount;
      else now += Math.ceil(served.dueInMs?.[0] ?? 0);
    }
    expect(used).toBeGreaterThan(0.97 * (capacity + 120_000 * perMs));
  });

  it('come back where they were set aside in vain', () => {
    const all = budget.serve(budget.open(0), [{ id: 'a', amount: capacity, place: 0 }], 0);
    expect(all.granted).toHaveLength(1);
    const back = budget.settle(all.state, capacity, 0, 0);
    expect(back.tokens).toBe(capacity);
    expect(budget.serve(back, [{ id: 'b', amount: capacity, place: 0 }], 0).granted).toHaveLength(1);
  });

  it('are not piled up while nobody asks', () => {
    const filled = budget.settle(budget.open(0), 0, 0, 3_600_000);
    expect(filled.tokens).toBe(capacity);
    expect(filled.requests).toBe(limits.requests / 6);
  });

  it('are told to everybody as the time until each is due', () => {
    const waiting = [0, 1, 2].map((place) => ({ id: String(place), amount: capacity, place }));
    const { granted, dueInMs } = budget.serve(budget.open(0), waiting, 0);
    expect(granted.map(({ id }) => id)).toEqual(['0']);
    expect(dueInMs).toEqual([capacity / perMs, (2 * capacity) / perMs]);
  });

  it('are granted to nobody while a 429 is waited for', () => {
    const shut = budget.shut(budget.open(0), 5000, 0);
    const waiting = [{ id: 'a', amount: 1, place: 0 }];
    expect(budget.serve(shut, waiting, 4999)).toMatchObject({ granted: [], dueInMs: [1] });
    expect(budget.serve(budget.shut(shut, 10, 100), waiting, 5000).granted).toHaveLength(1);
  });
});

describe('whose turn it is', () => {
  const placed = (asked: readonly { run: string; amount: number }[]) => {
    let state = budget.open(0);
    const waiting = asked.map(({ run, amount }, index) => {
      const one = budget.place(state, { run, amount });
      state = one.state;
      return { id: `${run}${index}`, run, amount, place: one.place };
    });
    return { state, waiting: waiting.sort((a, b) => a.place - b.place) };
  };

  it('does not depend on how many requests a run has waiting', () => {
    const busy = Array.from({ length: 50 }, () => ({ run: 'busy', amount: 500 }));
    const calm = Array.from({ length: 5 }, () => ({ run: 'calm', amount: 500 }));
    const { waiting } = placed([...busy, ...calm]);
    const first = waiting.slice(0, 10).map(({ run }) => run);
    expect(first.filter((run) => run === 'calm')).toHaveLength(5);
  });

  it('comes for a run that asks one after the other as often as for one that has many waiting', () => {
    let { state, waiting } = placed(Array.from({ length: 60 }, () => ({ run: 'busy', amount: 1000 })));
    const served: string[] = [];
    const ask = (index: number) => {
      const one = budget.place(state, { run: 'calm', amount: 1000 });
      state = one.state;
      waiting = [...waiting, { id: `calm${index}`, run: 'calm', amount: 1000, place: one.place }];
    };
    ask(0);
    for (let now = 10_000; served.length < 40; now += 1000) {
      waiting.sort((a, b) => a.place - b.place);
      const next = budget.serve({ ...state, tokens: 1000, at: now }, waiting, now);
      state = next.state;
      const granted = waiting.slice(0, next.granted.length);
      waiting = waiting.slice(granted.length);
      served.push(...granted.map(({ run }) => run));
      if (granted.some(({ run }) => run === 'calm')) ask(now);
    }
    const calm = served.filter((run) => run === 'calm').length;
    expect(calm).toBeGreaterThanOrEqual(19);
    expect(calm).toBeLessThanOrEqual(21);
  });

  it('is not lost to small requests by a large one, not even by one that is larger than all that may be taken at once', () => {
    const { state, waiting } = placed([{ run: 'large', amount: 3 * capacity }]);
    let now = 60_000;
    let left: Waiting[] = waiting;
    let current = budget.serve({ ...state, tokens: 0, at: now }, left, now).state;
    let smallBefore = 0;
    while (left.some(({ id }) => id.startsWith('large'))) {
      now += 50;
      const small = budget.place(current, { run: 'small', amount: 60 });
      left = [...left, { id: `small${now}`, amount: 60, place: small.place }].sort(
        (a, b) => a.place - b.place,
      );
      const served = budget.serve(small.state, left, now);
      current = served.state;
      smallBefore += served.granted.filter(({ id }) => id.startsWith('small')).length;
      left = left.slice(served.granted.length);
      expect(now).toBeLessThan(60_000 + 2 * (capacity / perMs));
    }
    expect(smallBefore).toBeLessThan(5);
    expect(current.tokens).toBeLessThanOrEqual(-2 * capacity + 60);
  });
});

describe('limits that the endpoint tells', () => {
  const untold = rateBudget({});
  const one = (id: string, amount: number) => ({ id, amount, place: 0 });

  it('bind from then on, and no more is taken than the endpoint says is left', () => {
    let state = untold.open(0);
    expect(untold.serve(state, [one('a', 1e9)], 0).granted).toHaveLength(1);
    state = untold.learn(state, { tokens: { perMinute: 60_000, remaining: 500 } });
    expect(untold.limitsOf(state)).toEqual({ tokens: 60_000 });
    const served = untold.serve(state, [one('a', 500), one('b', 500)], 0);
    expect(served).toMatchObject({ granted: [{ id: 'a' }], dueInMs: [500] });
    expect(untold.serve(served.state, [one('b', 500)], 500).granted).toHaveLength(1);
  });

  it('give nothing back that was taken, however much the endpoint says is left', () => {
    let state = untold.learn(untold.open(0), { requests: { perMinute: 60 } });
    state = untold.serve(
      state,
      Array.from({ length: 10 }, (_, id) => one(`${id}`, 0)),
      0,
    ).state;
    state = untold.learn(state, { requests: { perMinute: 60, remaining: 60 } });
    expect(untold.serve(state, [one('late', 0)], 0)).toMatchObject({ granted: [], dueInMs: [1000] });
  });

  it('change as the endpoint does, and are nothing to whom limits were given', () => {
    const told = { tokens: { perMinute: 600 }, requests: { perMinute: 6, remaining: 0 } };
    const first = untold.learn(untold.open(0), { tokens: { perMinute: 60_000 } });
    expect(untold.limitsOf(untold.learn(first, told))).toEqual({ tokens: 600, requests: 6 });
    expect(budget.learn(budget.open(0), told)).toEqual(budget.open(0));
    expect(budget.limitsOf(budget.open(0))).toEqual(limits);
  });
});
