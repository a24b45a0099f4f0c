import { describe, expect, it } from 'vitest';
import { calibrate } from '../../src/calibration/calibrate.ts';
import { plannedTask } from '../../src/calibration/plan-choices.ts';
import { madeSet, tasksOf } from '../comparison/made-set.ts';

const difficultyOf = (bank: ReturnType<typeof calibrate>, name: string, digest = 'd') =>
  bank.tasks.find((one) => one.task === name && one.digest === digest)?.difficulty ?? Number.NaN;

describe('a bank', () => {
  const able = madeSet(
    'able',
    tasksOf(6, (place) => [Number(place < 5)]),
  );
  const middling = madeSet(
    'middling',
    tasksOf(6, (place) => [Number(place < 3)]),
  );
  const weak = madeSet(
    'weak',
    tasksOf(6, (place) => [Number(place < 1)]),
  );
  const trials = [able, middling, weak].flatMap((set) => set.trials);
  const bank = calibrate(trials);

  it('has tasks as hard as few agents pass them, finite where all or none do', () => {
    const difficulties = [0, 1, 3, 5].map((place) => difficultyOf(bank, `made/t${place}`));
    expect(difficulties).toEqual([...difficulties].sort((a, b) => a - b));
    expect(difficulties.every(Number.isFinite)).toBe(true);
    expect(bank.agents.map(({ agent, passed }) => [agent, Number(passed.toFixed(2))])).toEqual([
      ['able', 0.83],
      ['middling', 0.5],
      ['weak', 0.17],
    ]);
  });

  it('says how few agents and trials it rests on', () => {
    expect(bank).toMatchObject({ trials: 18, infrastructureErrors: 0, unscored: 0 });
    expect(bank.agents).toHaveLength(3);
    expect(bank.tasks[0]).toMatchObject({ agents: 3, trials: 3, passed: 1 });
  });

  it('is the same whichever trial came first', () => {
    const other = calibrate([...trials].reverse());
    for (const { task, difficulty } of bank.tasks)
      expect(difficultyOf(other, task)).toBeCloseTo(difficulty, 6);
  });

  it('takes an infrastructure error for no outcome', () => {
    const broken = madeSet(
      'able',
      tasksOf(6, () => [{ error: true }]),
    );
    const withErrors = calibrate([...trials, ...broken.trials]);
    expect(withErrors).toMatchObject({ trials: 18, infrastructureErrors: 6 });
    expect(difficultyOf(withErrors, 'made/t3')).toBe(difficultyOf(bank, 'made/t3'));
  });

  it('has a task that changed twice, and knows of it only what it is today', () => {
    const changed = madeSet(
      'other',
      tasksOf(1, () => [0], { digest: 'changed' }),
    );
    const both = calibrate([...trials, ...changed.trials]);
    expect(both.tasks.filter(({ task }) => task === 'made/t0').map(({ digest }) => digest)).toEqual([
      'd',
      'changed',
    ]);
    expect(difficultyOf(both, 'made/t0', 'changed')).toBeGreaterThan(difficultyOf(both, 'made/t0'));
    const asToday = (digest: string) =>
      plannedTask({ name: 'made/t0', digest, environmentDigest: 'e' }, both);
    expect(asToday('d').difficulty).toBe(difficultyOf(both, 'made/t0'));
    expect(asToday('new')).toEqual({ task: 'made/t0', unknown: 'changed since it was calibrated' });
  });

  it('is none where every trial passed, or none did, which says so', () => {
    for (const reward of [0, 1])
      expect(() =>
        calibrate(
          madeSet(
            'a',
            tasksOf(2, () => [reward, reward]),
          ).trials,
        ),
      ).toThrow(
        /^(every|no) trial passed, which tells of no task how hard it is: add runs that went otherwise$/,
      );
  });

  it('counts repeated trials that always go the same way as one', () => {
    const repeat = (reward: number) => [reward, reward, reward, reward];
    const sets = [5, 3, 1].map((most, at) =>
      madeSet(
        `a${at}`,
        tasksOf(6, (place) => repeat(Number(place < most))),
      ),
    );
    const repeated = calibrate(sets.flatMap((set) => set.trials));
    expect(repeated.alike).toBeGreaterThan(0.8);
    expect(difficultyOf(repeated, 'made/t5')).toBeLessThan(difficultyOf(bank, 'made/t5') + 0.3);
    expect(bank.alike).toBeUndefined();
  });
});
