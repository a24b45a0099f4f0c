import { describe, expect, it } from 'vitest';
import { associationOf, type Marked } from '../../src/statistic/association.ts';
import { seededRandom } from '../../src/statistic/random.ts';

/** So many of each, every one in a cluster of its own. */
function table(inside: [number, number], outside: [number, number]): Marked[] {
  const side = ([count, of]: [number, number], inGroup: boolean) =>
    Array.from({ length: of }, (_, at) => ({
      inGroup,
      marked: at < count,
      cluster: `${inGroup} ${at}`,
      stratum: 's',
    }));
  return [...side(inside, true), ...side(outside, false)];
}

describe('the association of a mark with a group', () => {
  it('of independent trials is Newcombe’s', () => {
    const found = associationOf(table([18, 30], [4, 20]));
    expect(found?.inside.share).toBe(0.6);
    expect(found?.outside.share).toBe(0.2);
    expect(found?.difference).toBeCloseTo(0.4, 12);
    expect(found?.low).toBeCloseTo(0.12085756826678712, 6);
    expect(found?.high).toBeCloseTo(0.5949036395341277, 6);
    expect(found?.p).toBeLessThan(0.01);
  });

  it('is not made surer by trials that are told twice', () => {
    const trials = table([18, 30], [4, 20]);
    const [once, twice] = [associationOf(trials), associationOf([...trials, ...trials])];
    expect(twice?.p).toBeCloseTo(once?.p ?? 0, 12);
    expect(twice?.units).toBe(50);
    expect(twice && once && twice.high - twice.low).toBeGreaterThan(
      (once?.high ?? 0) - (once?.low ?? 0) - 0.02,
    );
  });

  it('is never ±0, and nothing where a group is empty', () => {
    const sure = associationOf(table([12, 12], [0, 12]));
    expect(sure?.low).toBeLessThan(1);
    expect(sure?.inside.interval.low).toBeLessThan(0.8);
    expect(associationOf(table([3, 5], [0, 0]))).toBeUndefined();
  });

  it('rests on no difference between strata', () => {
    const strata = ['a', 'b'].flatMap((stratum) =>
      table(stratum === 'a' ? [0, 5] : [20, 20], stratum === 'a' ? [0, 20] : [5, 5]).map((one) => ({
        ...one,
        stratum,
      })),
    );
    expect(associationOf(strata)?.p).toBe(1);
  });

  it('is no surer of what was seen once than Fisher’s test', () => {
    const once = Array.from({ length: 15 }, (_, task) =>
      [1, 2].map((trial) => ({
        ...{ inGroup: task + trial === 1, marked: task + trial === 1 },
        ...{ cluster: `${task}`, stratum: 's' },
      })),
    ).flat();
    expect(associationOf(once)?.p).toBeGreaterThan(0.05);
    const never = Array.from({ length: 160 }, (_, at) => ({
      ...{ inGroup: at % 10 === 0, marked: at % 20 === 1 },
      ...{ cluster: `${Math.floor(at / 4)}`, stratum: 's' },
    }));
    expect(associationOf(never)?.p).toBe(1);
  });

  it.each([12, 40])('is found by chance in about one of twenty cases: %i tasks with 4 trials', (tasks) => {
    const random = seededRandom(tasks);
    const cases = 1000;
    const found = Array.from({ length: cases }, () => {
      const trials = Array.from({ length: tasks }, (_, task) => {
        const [hard, usual] = [random(), random()];
        return Array.from({ length: 4 }, () => ({
          ...{ inGroup: random() < hard, marked: random() < usual * 0.6 },
          ...{ cluster: `${task}`, stratum: 's' },
        }));
      }).flat();
      return associationOf(trials)?.p ?? 1;
    }).filter((p) => p <= 0.05).length;
    expect(found / cases).toBeLessThan(0.07);
    expect(found / cases).toBeGreaterThan(0.02);
  });
});
