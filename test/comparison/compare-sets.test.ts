import { describe, expect, it } from 'vitest';
import { compareSets, usualMargin } from '../../src/comparison/compare-sets.ts';
import type { TrialSet } from '../../src/comparison/trial-set.ts';
import { comparisonMarkdown } from '../../src/report/comparison/markdown.ts';
import { renderComparison } from '../../src/report/comparison/render.ts';
import { plain } from '../../src/report/style.ts';
import { type Difference, type PairComparison, comparison as schema } from '../../src/schema/comparison.ts';
import { isUnscored, type Unscored } from '../../src/schema/score.ts';
import { madeSet, tasksOf } from './made-set.ts';

function compared(a: TrialSet, b: TrialSet, margin = usualMargin): PairComparison {
  const [pair] = schema.parse(compareSets([a, b], { margin })).pairs;
  if (!pair) throw new Error('no pair');
  return pair;
}

function found(figure: Difference | Unscored | undefined): Difference {
  if (figure === undefined || isUnscored(figure)) throw new Error(figure?.unscored ?? 'no figure');
  return figure;
}

const figure = (pair: PairComparison, id: string) =>
  found(pair.scorecard.find((one) => one.id === id)?.figure);

describe('the verdict', () => {
  const weak = madeSet(
    'weak',
    tasksOf(30, (at) => [Number(at % 3 === 0)]),
  );
  const strong = madeSet(
    'strong',
    tasksOf(30, (at) => [Number(at % 3 !== 1)]),
  );

  it('is a sentence with difference, interval, p, tasks and the smallest effect', () => {
    const { verdict } = compared(weak, strong);
    expect(verdict.kind).toBe('better');
    expect(verdict.sentence).toMatch(
      /^strong completes 33\.3 points more than weak \(95 % interval 1\d\.\d to \d\d\.\d, p = \.002, 30 tasks × 1 trial each; the smallest difference this could have found is 29\.5 points\): better\.$/,
    );
    expect(found(verdict.figure)).toMatchObject({
      test: 'mcnemar-exact',
      interval: { method: 'newcombe-paired' },
    });
  });

  it('is the mirror image of that of the sets the other way round', () => {
    const [one, other] = [compared(weak, strong), compared(strong, weak)];
    expect(other.verdict.kind).toBe('worse');
    expect(other.scorecard.map(({ id }) => id)).toEqual(one.scorecard.map(({ id }) => id));
    for (const { id, figure: ofOne } of one.scorecard) {
      if (isUnscored(ofOne)) continue;
      const mirrored = figure(other, id);
      expect(mirrored.difference).toBeCloseTo(-ofOne.difference, 12);
      expect(mirrored.p).toBeCloseTo(ofOne.p, 12);
      expect(mirrored.better).toBeCloseTo(1 - ofOne.better, 9);
      expect(mirrored.smallest ?? 0).toBeCloseTo(ofOne.smallest ?? 0, 12);
      if (ofOne.interval) expect(mirrored.interval?.low).toBeCloseTo(-ofOne.interval.high, 9);
    }
    const kinds = {
      broke: 'fixed',
      fixed: 'broke',
      'made-unsafe': 'made-safe',
      'made-safe': 'made-unsafe',
    } as const;
    expect(other.flips.map(({ kind, task }) => `${kinds[kind]} ${task}`).sort()).toEqual(
      one.flips.map(({ kind, task }) => `${kind} ${task}`).sort(),
    );
  });

  it.each([
    ['one trial each', (at: number) => [Number(at % 2)]],
    ['several trials', (at: number) => [Number(at % 2), 1, 0]],
    ['all passed', () => [1, 1]],
  ])('finds nothing between a set and itself, with an interval that is no ±0: %s', (_, trials) => {
    const set = madeSet('same', tasksOf(20, trials));
    const { difference, p, interval, better } = found(compared(set, set).verdict.figure);
    expect([difference, p]).toEqual([0, 1]);
    expect(better).toBeCloseTo(0.5, 12);
    expect(interval?.high).toBeGreaterThan(0.01);
    expect(interval?.high).toBeLessThan(0.5);
    expect(interval?.low).toBeCloseTo(-(interval?.high ?? 0), 12);
  });

  it('is not made surer by trials that are told twice', () => {
    const made = (name: string, off: number, times: number) =>
      madeSet(
        name,
        tasksOf(24, (at) =>
          Array.from({ length: times }, () => [Number((at + off) % 3 > 0), Number(at % 2)]).flat(),
        ),
      );
    const [once, twice] = [1, 2].map((times) => compared(made('a', 0, times), made('b', 1, times)));
    expect(twice?.verdict.figure).toMatchObject({ interval: found(once?.verdict.figure).interval });
    const single = (times: number) =>
      compared(
        madeSet(
          'a',
          tasksOf(24, (at) => Array(times).fill(Number(at % 3 > 0))),
        ),
        madeSet(
          'b',
          tasksOf(24, (at) => Array(times).fill(Number(at % 3 > 1))),
        ),
      );
    expect(found(single(3).verdict.figure).interval).toEqual(found(single(1).verdict.figure).interval);
  });

  it('is that no difference is larger than the margin, where there are tasks enough', () => {
    const a = madeSet(
      'a',
      tasksOf(300, (at) => [Number(at % 2)]),
    );
    const b = madeSet(
      'b',
      tasksOf(300, (at) => [Number(at === 0 || (at % 2 === 1 && at > 1))]),
    );
    expect(compared(a, b).verdict.sentence).toMatch(
      /^b completes as much as a .*: no difference larger than 5\.0 points\.$/,
    );
    expect(compared(a, b, 0.001).verdict.kind).toBe('unclear');
  });

  it('says how many tasks are missing where it can’t tell', () => {
    const { verdict } = compared(
      madeSet(
        'a',
        tasksOf(20, (at) => [Number(at % 2)]),
      ),
      madeSet(
        'b',
        tasksOf(20, (at) => [Number(at % 3 === 0)]),
      ),
    );
    expect(verdict.kind).toBe('unclear');
    expect(verdict.needs?.of).toBeCloseTo(0.15, 12);
    expect(verdict.needs?.tasks).toBeGreaterThan(100);
    expect(verdict.sentence).toMatch(
      /can't tell; a difference of 15\.0 points needs about \d+ more tasks\.$/,
    );
  });

  it('only describes fewer than ten tasks, or than ten clusters of them', () => {
    const few = compared(
      madeSet(
        'a',
        tasksOf(9, () => [0]),
      ),
      madeSet(
        'b',
        tasksOf(9, () => [1]),
      ),
    );
    expect(few.verdict.kind).toBe('descriptive');
    expect(few.verdict.sentence).not.toMatch(/p =|p </);
    const cluster = { cluster: 'template one' };
    const clustered = compared(
      madeSet(
        'a',
        tasksOf(30, () => [0], cluster),
      ),
      madeSet(
        'b',
        tasksOf(30, (at) => [at % 2], cluster),
      ),
    );
    expect(clustered.pairing).toMatchObject({ units: 1, unit: 'cluster' });
    expect(clustered.verdict).toMatchObject({ kind: 'descriptive' });
    expect(clustered.verdict.sentence).toContain('30 tasks in 1 cluster × 1 trial each');
  });

  it('rests on clusters where tasks name them', () => {
    const made = (name: string, of: (at: number) => number, clustered: boolean) =>
      madeSet(
        name,
        tasksOf(60, (at) => [of(at)]).map((task, at) => ({
          ...task,
          ...(clustered && { cluster: `repository ${Math.floor(at / 4)}` }),
        })),
      );
    const of = (clustered: boolean) =>
      compared(
        made('a', () => 0, clustered),
        made('b', (at) => Number(Math.floor(at / 4) % 3 === 0), clustered),
      );
    const width = (pair: PairComparison) => {
      const { interval } = found(pair.verdict.figure);
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    expect(of(true).pairing.units).toBe(15);
    expect(width(of(true))).toBeGreaterThan(1.5 * width(of(false)));
  });
});

describe('the smallest difference that could have been found', () => {
  it('follows from how many tasks differ at all, of pass and fail, and is never nothing', () => {
    const fifth = compared(
      madeSet(
        'a',
        tasksOf(50, (at) => [Number(at % 10 === 0)]),
      ),
      madeSet(
        'b',
        tasksOf(50, (at) => [Number(at % 10 === 1)]),
      ),
    );
    expect(found(fifth.verdict.figure).smallest).toBeCloseTo(0.1771878069659319, 10);
    const all = compared(
      madeSet(
        'a',
        tasksOf(14, () => [1, 1]),
      ),
      madeSet(
        'b',
        tasksOf(14, () => [0, 0]),
      ),
    );
    expect(found(all.verdict.figure).smallest).toBeCloseTo(2.8015852 / Math.sqrt(14), 6);
    const none = compared(
      madeSet(
        'a',
        tasksOf(14, () => [1]),
      ),
      madeSet(
        'b',
        tasksOf(14, () => [1]),
      ),
    );
    expect(found(none.verdict.figure).smallest).toBeGreaterThan(0.2);
  });
});

describe('what is compared', () => {
  it('is tasks of equal digest; changed, missing and extra ones are listed and left out', () => {
    const shared = tasksOf(12, () => [1]);
    const a = madeSet('a', [
      ...shared,
      { task: 'made/changed', trials: [0], digest: 'old' },
      { task: 'made/moved', trials: [0], environmentDigest: 'old' },
      { task: 'made/gone', trials: [0] },
    ]);
    const b = madeSet('b', [
      ...shared,
      { task: 'made/changed', trials: [1], digest: 'new' },
      { task: 'made/moved', trials: [1] },
      { task: 'made/new', trials: [0] },
    ]);
    const { pairing, verdict } = compared(a, b);
    expect(pairing).toMatchObject({
      tasks: { a: 12, b: 12 },
      changed: [
        { task: 'made/changed', what: ['task'] },
        { task: 'made/moved', what: ['environment'] },
      ],
      missing: ['made/gone'],
      extra: ['made/new'],
    });
    expect(found(verdict.figure)).toMatchObject({ a: 1, b: 1, difference: 0 });
  });

  it('is no infrastructure error; what all of them could have come to is said', () => {
    const a = madeSet(
      'a',
      tasksOf(10, () => [1, 1]),
    );
    const b = madeSet(
      'b',
      tasksOf(10, (at) => (at < 5 ? [1, { error: true }] : at === 9 ? [{ error: true }] : [1])),
    );
    const { pairing, verdict } = compared(a, b);
    expect(found(verdict.figure)).toMatchObject({ difference: 0, tasks: { a: 9, b: 9 } });
    expect(pairing).toMatchObject({
      unscored: ['made/t9'],
      infrastructureErrors: { a: 0, b: 6 },
      bounds: { low: -0.35, high: 0 },
    });
  });

  it('is all tasks of both, less surely, where none is the same', () => {
    const of = (name: string, digest: string, reward: number) =>
      madeSet(
        name,
        tasksOf(15, () => [reward], { digest }),
      );
    const { pairing, verdict, flips } = compared(of('a', 'x', 0), of('b', 'y', 1));
    expect(pairing).toMatchObject({ design: 'unpaired', tasks: { a: 15, b: 15 } });
    expect(found(verdict.figure)).toMatchObject({ test: 'fisher-exact', interval: { method: 'newcombe' } });
    expect(verdict.sentence).toContain('15 tasks against 15 others');
    expect(flips).toEqual([]);
  });
});

describe('the scorecard', () => {
  it('has pass^k and pass@k for every k that both have attempts for', () => {
    const pair = compared(
      madeSet(
        'a',
        tasksOf(12, () => [1, 0, 1, 1]),
      ),
      madeSet(
        'b',
        tasksOf(12, () => [1, 1, 0]),
      ),
    );
    const ids = pair.scorecard.map(({ id }) => id).filter((id) => id.startsWith('pass'));
    expect(ids).toEqual(['pass@2', 'pass^2', 'pass@3', 'pass^3']);
    expect(figure(pair, 'pass^2')).toMatchObject({ a: 0.5 });
    expect(figure(pair, 'pass^2').b).toBeCloseTo(1 / 3, 12);
  });

  it('takes amounts where both completed a task, and says how many times as much', () => {
    const a = madeSet(
      'a',
      tasksOf(20, (at) => [{ reward: Number(at < 15), calls: 10 + (at % 3) }]),
    );
    const b = madeSet(
      'b',
      tasksOf(20, (at) => [{ reward: Number(at > 4), calls: 2 * (10 + (at % 3)) }]),
    );
    const calls = compared(a, b).scorecard.find(({ id }) => id === 'calls');
    expect(calls?.figure).toMatchObject({ tasks: { a: 10, b: 10 } });
    expect(calls?.ratio?.value).toBeCloseTo(2, 12);
    expect(found(calls?.figure).better).toBeLessThan(0.01);
  });

  it('gives no interval to amounts that never vary, and no figure to those that nobody knows', () => {
    const set = madeSet(
      'a',
      tasksOf(12, () => [{ calls: 5 }]),
    );
    const { scorecard } = compared(set, set);
    const calls = found(scorecard.find(({ id }) => id === 'calls')?.figure);
    expect(calls).toMatchObject({ a: 5, b: 5, difference: 0, p: 1 });
    expect(calls.interval).toBeUndefined();
    expect(scorecard.find(({ id }) => id === 'progress')?.figure).toHaveProperty('unscored');
  });
});

describe('capabilities', () => {
  it('find the one tag that an agent is worse at, and test the same tasks once', () => {
    const tagged = (name: string, of: (at: number) => number) =>
      madeSet(
        name,
        tasksOf(60, (at) => [of(at)]).map((task, at) => ({
          ...task,
          tags: ['all', `kind-${at % 4}`],
          environment: `box-${at % 4}`,
          difficulty: ['easy', 'hard'][at % 2] ?? '',
        })),
      );
    const { capabilities } = compared(
      tagged('a', () => 1),
      tagged('b', (at) => Number(at % 4 !== 2)),
    );
    const [first, ...others] = capabilities;
    expect(first).toMatchObject({ by: 'tag', value: 'kind-2', also: ['environment box-2'] });
    expect(first?.adjusted).toBeLessThan(0.01);
    expect(capabilities.map(({ value }) => value)).not.toContain('all');
    const found = others.filter(({ adjusted = 1 }) => adjusted < 0.05);
    expect(found.map(({ value }) => value)).toEqual(['easy']);
  });
});

describe('flips', () => {
  it('are tasks that went the other way, each with a trial of both that shows it', () => {
    const a = madeSet('a', [
      { task: 'made/broken', trials: [1, 1, 0] },
      { task: 'made/fixed', trials: [0, 0] },
      { task: 'made/half', trials: [1, 0] },
      { task: 'made/unsafe', trials: [1, 1] },
    ]);
    const b = madeSet('b', [
      { task: 'made/broken', trials: [1, 0, 0] },
      { task: 'made/fixed', trials: [1, 1] },
      { task: 'made/half', trials: [0, 0] },
      { task: 'made/unsafe', trials: [1, { unsafe: true }] },
    ]);
    const { flips, matrix } = compared(a, b);
    expect(matrix).toEqual({ both: 1, neither: 0, broke: 1, fixed: 1, undecided: 1 });
    expect(flips.map(({ kind, task, a: x, b: y }) => [kind, task, x.trial.trial, y.trial.trial])).toEqual([
      ['broke', 'made/broken', 'a0', 'b1'],
      ['fixed', 'made/fixed', 'a3', 'b3'],
      ['made-unsafe', 'made/unsafe', 'a7', 'b8'],
    ]);
  });
});

describe('three sets or more', () => {
  const set = (name: string, of: (at: number) => number, costUsd: number) =>
    madeSet(
      name,
      tasksOf(40, (at) => [{ reward: of(at), costUsd }]),
    );
  const comparison = compareSets(
    [
      set('low', (at) => Number(at % 4 === 0), 0.1),
      set('high', (at) => Number(at % 10 !== 0), 0.5),
      set('dear', (at) => Number(at % 10 !== 1), 0.9),
    ],
    { margin: usualMargin },
  );

  it('compare all pairs, with p after Holm’s correction', () => {
    expect(comparison.pairs.map(({ a, b, verdict: { kind } }) => `${a}${b} ${kind}`)).toEqual([
      'AB better',
      'AC better',
      'BC unclear',
    ]);
    for (const { verdict } of comparison.pairs)
      expect(verdict.adjusted).toBeGreaterThanOrEqual(found(verdict.figure).p);
  });

  it('miss as many tasks as it takes after the correction', () => {
    const [own, other, third] = [
      set('own', (at) => at % 2, 1),
      set('other', (at) => Number(at % 3 === 0), 1),
      set('third', (at) => Number(at % 5 < 2), 1),
    ];
    const alone = compareSets([own, other], { margin: usualMargin }).pairs[0]?.verdict;
    const among = compareSets([own, other, third], { margin: usualMargin }).pairs[0]?.verdict;
    expect([alone?.kind, among?.kind]).toEqual(['unclear', 'unclear']);
    expect(among?.needs?.tasks).toBeGreaterThan(alone?.needs?.tasks ?? Number.POSITIVE_INFINITY);
  });

  it('list what is left out of each pair, traces that cannot be read among it', () => {
    const torn = {
      ...set('torn', () => 1, 1),
      unreadable: [{ run: 'torn', trial: 'lost', message: 'no event' }],
    };
    const sets = [
      torn,
      set('whole', () => 1, 1),
      madeSet(
        'fewer',
        tasksOf(39, () => [1]),
      ),
    ];
    const made = compareSets(sets, { margin: usualMargin });
    for (const text of [renderComparison(made, plain), comparisonMarkdown(made)]) {
      expect(text.match(/no readable trace: lost of A/g)).toHaveLength(2);
      expect(text.match(/only in [AB]: made\/t39/g)).toHaveLength(2);
    }
  });

  it('say who can’t be told apart, and who is on the frontier of cost and completion', () => {
    expect(comparison.many?.groups).toEqual([['B', 'C'], ['A']]);
    const frontier = comparison.many?.frontier;
    if (!frontier || isUnscored(frontier)) throw new Error('no frontier');
    expect(frontier.points.map(({ key, onFrontier }) => [key, onFrontier])).toEqual([
      ['A', true],
      ['B', true],
      ['C', false],
    ]);
    expect(frontier.points[0]?.probability).toBe(1);
    expect(frontier.points[2]?.probability).toBeLessThan(0.7);
  });
});
