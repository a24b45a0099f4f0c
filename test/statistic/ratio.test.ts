import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/statistic/random.ts';
import { type RatioUnit, ratioInterval } from '../../src/statistic/ratio.ts';

/** Two trials of each task; those that fail cost about twice as much, and what one costs is skewed. */
function sample(tasks: number, random: () => number): RatioUnit[] {
  return Array.from({ length: tasks }, () => {
    const passes = 0.3 + 0.6 * random();
    const trials = [0, 1].map(() => {
      const under = Number(random() < passes);
      return { under, over: 0.02 * (2 - under) * (0.2 - Math.log(1 - random())) };
    });
    return {
      over: trials.reduce((sum, { over }) => sum + over, 0),
      under: trials.reduce((sum, { under }) => sum + under, 0),
    };
  });
}

/** By expectation: 0.6 pass, and a trial costs 0.02 × 1.2 of its pass or twice that of its failure. */
const truth = (0.02 * 1.2 * (0.6 + 2 * 0.4)) / 0.6;

describe("a ratio's interval", () => {
  it.each([20, 60])('holds the cost of one success about as often as it says, of %i tasks', (tasks) => {
    const random = seededRandom(16);
    const samples = 4000;
    let [held, said] = [0, 0];
    for (let at = 0; at < samples; at++) {
      const bounds = ratioInterval(sample(tasks, random));
      if (!bounds) continue;
      said++;
      held += Number(bounds.low <= truth && truth <= bounds.high);
    }
    expect(said).toBe(samples);
    expect(held / said).toBeGreaterThan(0.93);
    expect(held / said).toBeLessThan(0.97);
  });

  it('is none where few succeeded, where nothing varies, and of one cluster', () => {
    const failing = Array.from({ length: 10 }, (_, at) => ({
      over: 0.1 + at / 100,
      under: Number(at === 0),
    }));
    expect(ratioInterval(failing)).toBeUndefined();
    expect(ratioInterval([...Array(10)].map(() => ({ over: 0.1, under: 1 })))).toBeUndefined();
    expect(
      ratioInterval(sample(20, seededRandom(1)).map((unit) => ({ ...unit, cluster: 'c' }))),
    ).toBeUndefined();
  });

  it('is that of a mean where all succeed, and does not change with the currency', () => {
    const units = [1, 2, 3, 4, 5].map((over) => ({ over, under: 1 }));
    const { low = 0, high = 0 } = ratioInterval(units) ?? {};
    expect((low + high) / 2).toBeCloseTo(3, 12);
    expect(high - 3).toBeCloseTo(2.776445105 * Math.sqrt(0.5), 8);
    const scaled = ratioInterval(units.map(({ over, under }) => ({ over: 7 * over, under })));
    expect(scaled?.high).toBeCloseTo(7 * high, 10);
  });
});
