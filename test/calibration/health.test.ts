import { describe, expect, it } from 'vitest';
import { separablePairs, suiteHealth } from '../../src/calibration/health.ts';
import { plain } from '../../src/report/style.ts';
import { healthMarkdown, renderHealth } from '../../src/report/suite-health.ts';
import { suiteHealth as schema } from '../../src/schema/suite-health.ts';
import { normalBelow } from '../../src/statistic/distribution.ts';
import { madeSet, tasksOf } from '../comparison/made-set.ts';
import golden from '../statistic/golden.json' with { type: 'json' };

/**
 * Agents of growing ability at ten tasks of growing difficulty; task 8 is passed by the weak ones alone, and task 9 goes as task 4 does.
 */
function agents(count: number) {
  return Array.from({ length: count }, (_, able) => {
    const passes = (place: number) => (able + 1) / (count + 1) > place / 8;
    return madeSet(
      `agent${able}`,
      tasksOf(10, (place) => {
        if (place === 8) return [Number(!passes(4))];
        return [Number(passes(place === 9 ? 4 : place))];
      }),
    );
  });
}
const healthOf = (count: number) => suiteHealth(agents(count).flatMap((set) => set.trials));
const flagsOf = (health: ReturnType<typeof healthOf>, task: string) =>
  health.tasks.find((one) => one.task === task)?.flags.map(({ kind, advice }) => `${advice} ${kind}`);

describe('the health of a suite', () => {
  const health = healthOf(12);

  it('names tasks that tell nothing, tell the wrong thing, or tell what another does', () => {
    expect(flagsOf(health, 'made/t0')).toEqual(['drop too-easy']);
    expect(flagsOf(health, 'made/t8')).toEqual(['drop mis-keyed']);
    expect(flagsOf(health, 'made/t9')).toEqual(['drop redundant']);
    expect(flagsOf(health, 'made/t4')).toEqual([]);
  });

  it('advises nothing but to look where fewer than ten agents were tried', () => {
    const few = healthOf(9);
    const advices = few.tasks.flatMap(({ flags }) => flags.map(({ advice }) => advice));
    expect(new Set(advices)).toEqual(new Set(['review']));
    expect(renderHealth(few, plain)).not.toContain('drop');
  });

  it('measures every task against the mean of the others', () => {
    const told = (task: string) => health.tasks.find((one) => one.task === task)?.discrimination;
    expect(told('made/t4')).toBeGreaterThan(0.5);
    expect(told('made/t8')).toBeLessThan(-0.5);
    expect(told('made/t0')).toEqual({ unscored: 'agents do not differ' });
  });

  it('says how sure its sums are, and what it still tells apart', () => {
    expect(health.reliability).toMatchObject({ value: expect.any(Number) });
    expect(health.saturation).toMatchObject({ best: 0.9, level: expect.any(String) });
    expect(health.pairs).toMatchObject({ of: 66 });
    expect(health.split).toEqual({ unscored: 'no task has the tag private' });
  });

  it('tells no difficulty where every trial passed, or none did, and says so', () => {
    for (const [reward, why] of [
      [1, 'every trial passed'],
      [0, 'no trial passed'],
    ] as const)
      for (const tasks of [1, 3]) {
        const same = schema.parse(
          suiteHealth(
            madeSet(
              'a',
              tasksOf(tasks, () => [reward, reward, reward]),
            ).trials,
          ),
        );
        expect(same.tasks[0]?.difficulty).toEqual({ unscored: why });
        for (const text of [renderHealth(same, plain), healthMarkdown(same)]) {
          expect(text).toContain(`Difficulty: can’t be told, since ${why}.`);
          expect(text).not.toMatch(/NaN|Infinity|\d ± /);
        }
      }
  });

  it('says of tasks that go both ways how many reruns show it', () => {
    const mixed = madeSet(
      'a',
      tasksOf(3, (place) => (place === 0 ? [1, 1, 1, 1, 0] : [1, 1, 1, 1, 1])),
    );
    const [flaky, steady] = suiteHealth(mixed.trials).tasks;
    expect(flaky?.flaky).toEqual({ rate: expect.closeTo(0.2), trials: 5, reruns: 14 });
    expect(flaky?.flags.map(({ kind }) => kind)).toEqual(['flaky']);
    expect(steady?.flaky).toMatchObject({ rate: 0 });
  });

  it('has the gap between public and private tasks where a split is declared', () => {
    const open = tasksOf(8, () => [1]);
    const hidden = tasksOf(8, (place) => [Number(place < 2)], { tags: ['private'] }).map((one) => ({
      ...one,
      task: `${one.task}-private`,
    }));
    const { split } = suiteHealth(madeSet('a', [...open, ...hidden]).trials);
    expect(split).toMatchObject([
      { agent: 'a', public: { mean: 1, tasks: 8 }, private: { mean: 0.25 }, gap: 0.75 },
    ]);
  });

  it('leaves infrastructure errors out, and says so', () => {
    const broken = madeSet(
      'agent0',
      tasksOf(1, () => [{ error: true }]),
    );
    const all = suiteHealth([...agents(3).flatMap((set) => set.trials), ...broken.trials]);
    expect(all).toMatchObject({ trials: 30, infrastructureErrors: 1 });
    expect(healthMarkdown(all)).toContain('left out: 1 infrastructure error');
  });

  it('counts the pairs of agents that stay apart after correction, as is known of three', () => {
    const { scores, se_diff } = golden.separable_pairs.input;
    const [a = 0, b = 0, c = 0] = scores;
    const ps = [a - b, a - c, b - c].map((gap, at) => 2 * (1 - normalBelow(gap / (se_diff[at] ?? 1))));
    expect(separablePairs(ps)).toEqual({ separable: 2, of: 3 });
  });
});
