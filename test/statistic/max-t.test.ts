import { expect, it } from 'vitest';
import { maxT } from '../../src/statistic/max-t.ts';
import { seededRandom } from '../../src/statistic/random.ts';

const alike = Array.from({ length: 10 }, () => 1);

it('is as sure of a statistic alone as the share of all flips that reach it', () => {
  // One of 2¹⁰ flips.
  expect(maxT([alike])[0]).toBeLessThan(0.004);
  // Flips of four values of 1 reach their sum of 2 in 5 of 16.
  expect(maxT([[1, 1, 1, -1]])[0]).toBeCloseTo(5 / 16, 1);
});

it('charges nothing for a statistic that says the same, and something for another', () => {
  const some = [1, 1, 1, 1, 1, -1, 1, -1, 1, 1];
  const other = [1, -1, 1, -1, 1, -1, 1, -1, 1, -1];
  const [alone = 1] = maxT([some]);
  expect(maxT([some, some])).toEqual([alone, alone]);
  expect(maxT([some, other])[0]).toBeGreaterThan(alone);
});

it('is true of its level where there is nothing to find', () => {
  const random = seededRandom(3);
  const found = Array.from({ length: 200 }, () => {
    const units = Array.from({ length: 12 }, () => [random() - 0.5, random() - 0.5, random() - 0.5]);
    return Math.min(...maxT([0, 1, 2].map((at) => units.map((unit) => unit[at] ?? 0))));
  });
  const share = found.filter((p) => p <= 0.1).length / found.length;
  expect(share).toBeGreaterThan(0.04);
  expect(share).toBeLessThan(0.17);
});

it('finds nothing in a statistic that has no value', () => {
  expect(maxT([[0, 0, 0]])).toEqual([1]);
  expect(maxT([])).toEqual([]);
});
