import { describe, expect, it } from 'vitest';
import { watchSuite } from '../../src/calibration/watch.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { madeSet, tasksOf } from '../comparison/made-set.ts';

/** A night's run of one agent. */
const night = (run: number, passes: (place: number) => number) =>
  madeSet(
    `night${run}`,
    tasksOf(20, (place) => [passes(place)], { agent: 'a' }),
  ).trials;
const runs = [1, 2, 3, 4].map((run) => `night${run}`);
const since = 'night3';

describe('nightly runs', () => {
  it('raise an alarm where tasks that passed fail since the change, and name the run where it began', () => {
    const good = [1, 2].flatMap((run) => night(run, () => 1));
    const worse = [3, 4].flatMap((run) => night(run, (place) => Number(place > 7)));
    const { agents } = watchSuite([...good, ...worse], { runs, since });
    expect(agents[0]?.runs.at(-1)).toMatchObject({ broke: 16, fixed: 0, part: 'since' });
    expect(agents[0]?.alarms).toEqual([expect.stringContaining('does worse: 16 pairs went worse')]);
    expect(agents[0]?.heap).toMatchObject({ run: 'night3' });
  });

  it('use each trial of before once, and say how many were left over', () => {
    const trials = [1, 3, 4].flatMap((run) => night(run, () => 1));
    const { agents } = watchSuite(trials, { runs: ['night1', 'night3', 'night4'], since });
    expect(agents[0]).toMatchObject({ unpaired: 20, alarms: [] });
  });

  it('raise an alarm where they complete less than was asked for', () => {
    const trials = runs.flatMap((_, at) => night(at + 1, (place) => Number(place < 8)));
    const asked = (level: number) => watchSuite(trials, { runs, since, level }).agents[0]?.alarms;
    expect(asked(0.9)).toEqual([expect.stringContaining('below 0.9 beyond chance')]);
    expect(asked(0.45)).toEqual([]);
  });

  const seed = 23;
  it(`raise hardly ever an alarm where nothing changed, though looked at every night (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const alarms = Array.from({ length: 30 }, () => {
      const chances = Array.from({ length: 20 }, () => random());
      const nights = Array.from({ length: 8 }, (_, at) =>
        night(at + 1, (place) => Number(random() < (chances[place] ?? 0))),
      );
      const names = nights.map((_, at) => `night${at + 1}`);
      return [5, 6, 7, 8].some((seen) => {
        const { agents } = watchSuite(nights.slice(0, seen).flat(), {
          runs: names.slice(0, seen),
          since: 'night5',
        });
        return (agents[0]?.alarms.length ?? 0) > 0;
      });
    });
    expect(alarms.filter(Boolean).length).toBeLessThanOrEqual(3);
  });
});
