import { describe, expect, it } from 'vitest';
import {
  type Difference,
  type Pair,
  pairedDifference,
  unpairedDifference,
} from '../../src/statistic/difference.ts';
import { binomialAt } from '../../src/statistic/distribution.ts';
import { meanInterval } from '../../src/statistic/interval.ts';
import { mcNemar, mcNemarMid } from '../../src/statistic/mc-nemar.ts';
import { mean } from '../../src/statistic/mean.ts';
import { benjaminiHochberg, holm } from '../../src/statistic/multiple.ts';
import { bestAtK, passAtK, passHatK, worstAtK } from '../../src/statistic/pass-at-k.ts';
import { powerMcNemar } from '../../src/statistic/power.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { signFlip } from '../../src/statistic/sign-flip.ts';
import { clusteredStudent, student } from '../../src/statistic/student.ts';
import { pairedSuperiority, superiority } from '../../src/statistic/superiority.ts';
import { swapParts } from '../../src/statistic/swap.ts';

const random = seededRandom(20_24);
const upTo = (most: number) => 1 + Math.floor(random() * most);
const many = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));

const scores = { 'pass or fail': () => Math.round(random()), graded: () => Math.round(random() * 4) / 4 };
const clusters = { 'each their own': () => undefined, shared: () => `repository ${upTo(4)}` };
const kinds = Object.entries(scores).flatMap(([kind, score]) =>
  Object.entries(clusters).map(([shape, cluster]) => ({ kind, shape, score, cluster })),
);

/** Whatever two agents may have done. */
function pairs({ score, cluster }: (typeof kinds)[number]): Pair[] {
  const [trialsA, trialsB] = [upTo(4), upTo(4)];
  return many(upTo(16), () => ({ a: many(trialsA, score), b: many(trialsB, score), cluster: cluster() }));
}

const swapped = (all: readonly Pair[]) => all.map(({ a, b, cluster }) => ({ a: b, b: a, cluster }));

function expectMirrored(one: Difference | undefined, other: Difference | undefined) {
  expect(other?.mean).toBeCloseTo(-(one?.mean ?? Number.NaN), 12);
  expect(other?.low).toBeCloseTo(-(one?.high ?? Number.NaN), 12);
  expect(other?.high).toBeCloseTo(-(one?.low ?? Number.NaN), 12);
  expect(other?.p).toBeCloseTo(one?.p ?? Number.NaN, 12);
  expect(other?.method).toBe(one?.method);
}

describe.each(kinds)(
  'a difference over the same tasks of trials that are $kind, with clusters $shape',
  (kind) => {
    it('of an agent to itself is none, at p 1, with an interval that is finite and not empty', () => {
      for (const own of many(60, () => pairs(kind))) {
        const same = pairedDifference(own.map(({ a, cluster }) => ({ a, b: a, cluster })));
        expect(same).toMatchObject({ mean: 0, p: 1 });
        expect(same?.low).toBeLessThan(0);
        expect(same?.low).toBeGreaterThanOrEqual(-1);
        expect(same?.high).toBeCloseTo(-(same?.low ?? Number.NaN), 12);
      }
    });

    it('is mirrored where both agents change places', () => {
      for (const own of many(60, () => pairs(kind)))
        expectMirrored(pairedDifference(own), pairedDifference(swapped(own)));
    });

    it('is the same where every trial is there twice', () => {
      for (const own of many(60, () => pairs(kind))) {
        const twice = own.map(({ a, b, cluster }) => ({ a: [...a, ...a], b: [...b, ...b], cluster }));
        const [one, two] = [pairedDifference(own), pairedDifference(twice)];
        expect(two?.low).toBeCloseTo(one?.low ?? Number.NaN, 12);
        expect(two?.high).toBeCloseTo(one?.high ?? Number.NaN, 12);
        expect(two?.p).toBeCloseTo(one?.p ?? Number.NaN, 12);
      }
    });

    it('lies in its interval, and is p from 0 to 1', () => {
      for (const own of many(60, () => pairs(kind))) {
        const { low, mean: middle, high, p } = pairedDifference(own) ?? { low: 1, mean: 0, high: 0, p: -1 };
        expect(low).toBeLessThanOrEqual(middle);
        expect(middle).toBeLessThanOrEqual(high);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }
    });
  },
);

describe.each(Object.entries(scores))(
  'a difference over different tasks of trials that are %s',
  (_, score) => {
    const tasks = () => {
      const trials = upTo(3);
      return many(upTo(25), () => many(trials, score));
    };

    it('is mirrored where both agents change places', () => {
      for (const [a, b] of many(300, () => [tasks(), tasks()] as const))
        expectMirrored(unpairedDifference(a, b), unpairedDifference(b, a));
    });

    it('of the same trials is none, at p 1, with an interval that is finite and not empty', () => {
      for (const own of many(300, tasks)) {
        const same = unpairedDifference(own, own);
        expect(same?.mean).toBe(0);
        expect(same?.p).toBeCloseTo(1, 12);
        expect((same?.high ?? 0) - (same?.low ?? 0)).toBeGreaterThan(0);
      }
    });
  },
);

describe('what must hold whatever the trials are', () => {
  it('errors robust to clusters are those of task means where each cluster is a task of as many trials', () => {
    for (let round = 0; round < 200; round++) {
      const trials = upTo(5);
      const groups = many(1 + upTo(20), () => many(trials, random));
      expect(clusteredStudent(groups)?.error).toBeCloseTo(student(groups.map(mean))?.error ?? Number.NaN, 12);
    }
  });

  it('an interval of a mean is not narrowed by trials that are there twice', () => {
    for (let round = 0; round < 200; round++) {
      const tasks = many(1 + upTo(20), () => many(upTo(4), random));
      const [one, two] = [meanInterval(tasks), meanInterval(tasks.map((own) => [...own, ...own]))];
      expect(two?.low).toBeCloseTo(one?.low ?? Number.NaN, 12);
      expect(two?.high).toBeCloseTo(one?.high ?? Number.NaN, 12);
    }
  });

  it('worst@k is pass^k and best@k is pass@k where scores are 0 or 1', () => {
    for (let round = 0; round < 300; round++) {
      const own = many(upTo(12), scores['pass or fail']);
      const [n, c, k] = [own.length, own.filter((score) => score === 1).length, upTo(own.length)];
      expect(worstAtK(own, k)).toBeCloseTo(passHatK(n, c, k), 12);
      expect(bestAtK(own, k)).toBeCloseTo(passAtK(n, c, k), 12);
    }
  });

  it('Holm’s p is no smaller than Benjamini and Hochberg’s, and that no smaller than what it was', () => {
    for (let round = 0; round < 300; round++) {
      const raw = many(upTo(12), () => random() ** 3);
      const [strict, loose] = [holm(raw), benjaminiHochberg(raw)];
      for (const [at, p] of raw.entries()) {
        expect(loose[at]).toBeGreaterThanOrEqual(p);
        expect(strict[at]).toBeGreaterThanOrEqual((loose[at] ?? 0) - 1e-15);
        expect(strict[at]).toBeLessThanOrEqual(1);
      }
    }
  });

  it('the sign-flip p is the share of all flips counted one by one', () => {
    for (let round = 0; round < 60; round++) {
      const own = many(upTo(10), () => Math.round(random() * 8 - 4) / 4);
      const sum = (flips: number) =>
        Math.abs(own.reduce((total, value, at) => total + ((flips >> at) & 1 ? -value : value), 0));
      const all = many(2 ** own.length, sum);
      const extreme = all.filter((one) => one >= sum(0) - 1e-9).length;
      expect(signFlip(own)).toBeCloseTo(extreme / all.length, 12);
    }
  });

  it('the sign-flip p of passes and failures is McNemar’s', () => {
    for (let round = 0; round < 100; round++) {
      const [onlyA, onlyB] = [upTo(8), upTo(8)];
      const own = [...many(onlyA, () => -1), ...many(onlyB, () => 1), 0, 0];
      expect(signFlip(own)).toBeCloseTo(mcNemar(onlyA, onlyB), 12);
      expect(mcNemarMid(onlyA, onlyB)).toBeLessThanOrEqual(mcNemar(onlyA, onlyB));
    }
  });

  it('one of two agents is better for sure', () => {
    for (let round = 0; round < 100; round++) {
      const [a, b] = [upTo(30), upTo(30)].map((n) => ({ n, passed: Math.floor(random() * (n + 1)) }));
      if (!a || !b) continue;
      expect(superiority(a, b) + superiority(b, a)).toBeCloseTo(1, 10);
      expect(pairedSuperiority(a.passed, b.passed) + pairedSuperiority(b.passed, a.passed)).toBeCloseTo(
        1,
        10,
      );
    }
  });

  it('the power of McNemar’s test is the chance of all tables that it calls a difference', () => {
    for (const [tasks, onlyA, onlyB] of [
      [8, 0.1, 0.4],
      [15, 0.3, 0.05],
      [20, 0.15, 0.15],
    ] as const) {
      let power = 0;
      for (let b = 0; b <= tasks; b++)
        for (let c = 0; b + c <= tasks; c++)
          if (mcNemar(b, c) <= 0.05)
            power += binomialAt(b, tasks, onlyA) * binomialAt(c, tasks - b, onlyB / (1 - onlyA));
      expect(powerMcNemar(tasks, { onlyA, onlyB })).toBeCloseTo(power, 10);
    }
  });

  it('what is made before and after a step adds up to the difference, and mirrors', () => {
    for (let round = 0; round < 100; round++) {
      const [aa = 0, ab = 0, ba = 0, bb = 0] = many(4, random);
      const [parts, mirrored] = [
        swapParts({ aa, ab, ba, bb }),
        swapParts({ aa: bb, ab: ba, ba: ab, bb: aa }),
      ];
      expect(parts.prefix + parts.suffix).toBeCloseTo(aa - bb, 12);
      expect(mirrored.prefix).toBeCloseTo(-parts.prefix, 12);
      expect(mirrored.suffix).toBeCloseTo(-parts.suffix, 12);
      expect(mirrored.interaction).toBeCloseTo(parts.interaction, 12);
    }
  });
});
