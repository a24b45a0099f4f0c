import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/statistic/random.ts';
import { accuracyOf, simulatedRun, simulatedSuite } from './simulated.ts';

const seed = 61;
const world = { agents: 20, difficulties: 2, abilities: 1 };

describe(`20 of 100 simulated tasks (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const suites = [1, 2].map(() => simulatedSuite(world, random));

  it('tell more of the whole where they were chosen than where they were drawn by lot', () => {
    const runs = suites.flatMap((suite) => Array.from({ length: 12 }, () => simulatedRun(suite, random)));
    const { rmse, randomRmse, held, inside } = accuracyOf(runs);
    expect(inside).toBeGreaterThan(0.7);
    expect(rmse).toBeLessThan(0.08);
    expect(rmse).toBeLessThan(0.8 * randomRmse);
    expect(held).toBeGreaterThan(0.85);
  });

  it('say that they extrapolate where the agent is far abler than any before', () => {
    const said = suites.map((suite) => simulatedRun(suite, random, { ability: 7 }).said.extrapolates);
    expect(said.every((one) => one?.includes('above'))).toBe(true);
  });
});
