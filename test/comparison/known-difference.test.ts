import { describe, expect, it } from 'vitest';
import { compareSets, usualMargin } from '../../src/comparison/compare-sets.ts';
import type { SetTrial, TrialSet } from '../../src/comparison/trial-set.ts';
import type { PairComparison } from '../../src/schema/comparison.ts';
import { isUnscored } from '../../src/schema/score.ts';
import { type Random, seededRandom } from '../../src/statistic/random.ts';
import { madeSet, tasksOf } from './made-set.ts';

const tasks = 40;
const attempts = 4;
const tags = ['refund', 'address', 'stock'];

/** A generated agent: how likely it passes each task, and what a trial of it costs. */
function agent(
  name: string,
  random: Random,
  passes: (task: number) => number,
  costUsd = () => 0.1,
): TrialSet {
  const made = tasksOf(tasks, (at) =>
    Array.from({ length: attempts }, () => ({ reward: Number(random() < passes(at)), costUsd: costUsd() })),
  );
  return madeSet(
    name,
    made.map((task, at) => ({ ...task, tags: tags.slice(at % 3, (at % 3) + 1) })),
  );
}

function compared(a: TrialSet, b: TrialSet): PairComparison {
  const [pair] = compareSets([a, b], { margin: usualMargin }).pairs;
  if (!pair) throw new Error('nothing was compared');
  return pair;
}

describe('of generated agents, a comparison says what is so', () => {
  it('one that is worse at one tag only: worse, that tag first, and no other', () => {
    const random = seededRandom(1);
    const a = agent('A', random, () => 0.9);
    const b = agent('B', random, (at) => (at % 3 === 0 ? 0.4 : 0.9));
    const { verdict, capabilities } = compared(a, b);
    expect(verdict.kind).toBe('worse');
    expect(capabilities[0]).toMatchObject({ by: 'tag', value: 'refund' });
    expect(capabilities.filter(({ adjusted = 1 }) => adjusted < 0.05).map(({ value }) => value)).toEqual([
      'refund',
    ]);
  });

  it('one that is equal but cheaper: no difference in completion, cheaper beyond chance', () => {
    const random = seededRandom(2);
    const passes = (at: number) => (at % 10 === 0 ? 0.5 : 1);
    const around = (usd: number) => () => usd * (0.7 + 0.6 * random());
    const { verdict, scorecard } = compared(
      agent('A', random, passes, around(0.1)),
      agent('B', random, passes, around(0.06)),
    );
    expect(verdict.kind).toBe('equivalent');
    const told = scorecard.filter(({ adjusted = 1 }) => adjusted < 0.05);
    expect(told).toMatchObject([{ id: 'cost', ratio: { value: expect.closeTo(0.6, 1) } }]);
  });

  it('one with a planted failure mode, in 60 % of failures and 5 % of successes: that mode first', () => {
    const random = seededRandom(3);
    const planted = 'ended-on-failure';
    const noise = 'unverified';
    const mark = (trial: SetTrial): SetTrial => {
      const failed = trial.score.completion.success === false;
      const features = {
        ...trial.score.behaviour.features,
        [planted]: random() < (failed ? 0.6 : 0.05),
        [noise]: random() < 0.3,
      };
      return { ...trial, score: { ...trial.score, behaviour: { ...trial.score.behaviour, features } } };
    };
    const marked = (set: TrialSet) => ({ ...set, trials: set.trials.map(mark) });
    const { failureModes } = compared(
      marked(agent('A', random, () => 0.7)),
      marked(agent('B', random, () => 0.7)),
    );
    for (const { modes } of failureModes) {
      if (isUnscored(modes)) throw new Error(modes.unscored);
      expect(modes[0]).toMatchObject({ feature: planted, kind: 'failure' });
      expect(modes.filter(({ kind }) => kind === 'failure')).toHaveLength(1);
    }
  });
});
