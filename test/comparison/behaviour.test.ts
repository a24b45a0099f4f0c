import { describe, expect, it } from 'vitest';
import { compareSets } from '../../src/comparison/compare-sets.ts';
import type { SetTrial, TrialSet } from '../../src/comparison/trial-set.ts';
import { comparisonMarkdown } from '../../src/report/comparison/markdown.ts';
import { renderComparison } from '../../src/report/comparison/render.ts';
import { plain } from '../../src/report/style.ts';
import type { PairComparison } from '../../src/schema/comparison.ts';
import { isUnscored, type TrialScore } from '../../src/schema/score.ts';
import { type Random, seededRandom } from '../../src/statistic/random.ts';
import golden from '../statistic/golden.json' with { type: 'json' };
import { madeSet, tasksOf } from './made-set.ts';

interface Behaved {
  terms?: string[];
  features?: TrialScore['behaviour']['features'];
  failed?: boolean;
  efficiency?: Partial<TrialScore['efficiency']>;
}

/** A set of 40 tasks with 4 trials each, in which `of` says what each trial did. */
function setOf(name: string, of: (task: number, attempt: number) => Behaved, tasks = 40): TrialSet {
  const made = madeSet(
    name,
    tasksOf(tasks, () => [1, 1, 1, 1]),
  );
  return {
    ...made,
    trials: made.trials.map((trial, at) => behaving(trial, of(Math.floor(at / 4), at % 4))),
  };
}

function behaving(
  trial: SetTrial,
  { terms = ['look'], features = {}, failed = false, efficiency }: Behaved,
): SetTrial {
  const { score } = trial;
  return {
    ...trial,
    score: {
      ...score,
      completion: { ...score.completion, reward: failed ? 0 : 1, success: !failed },
      efficiency: { ...score.efficiency, ...efficiency },
      behaviour: { terms, features: { ...score.behaviour.features, ...features } },
      steps: terms.map((_, step) => ({
        ...{ step, phi: 0, reward: 0, reached: [], lost: [], labels: [], severity: 0 },
        calls: [{ callId: `${step}.0`, labels: [] }],
      })),
    },
  };
}

function compared(a: TrialSet, b: TrialSet): PairComparison {
  const [pair] = compareSets([a, b], { margin: 0.05 }).pairs;
  if (!pair) throw new Error('nothing was compared');
  return pair;
}

function modesOf({ failureModes }: PairComparison, of: string) {
  const modes = failureModes.find((one) => one.of === of)?.modes;
  if (!modes || isUnscored(modes)) throw new Error(`no modes: ${modes?.unscored}`);
  return modes;
}

const steps = ['look', 'bash grep + head', 'bash python', 'put', 'bash pytest', 'submit'];

/** Steps of which each is taken once or twice, and `rm` so often. */
function walk(random: Random, removals: number): string[] {
  const usual = steps.flatMap((step) => (random() < 0.3 ? [step, step] : [step]));
  const extra = Array.from({ length: removals }, () => 'bash find + rm');
  return [...usual.slice(0, 3), ...extra, ...usual.slice(3)];
}

describe('the behaviour of two sets', () => {
  it('says of an agent that is equal but calls rm three times as often just that', () => {
    const random = seededRandom(161803);
    const a = setOf('A', () => ({ terms: walk(random, 1) }));
    const b = setOf('B', () => ({ terms: walk(random, 3) }));
    const comparison = compareSets([a, b], { margin: 0.05 });
    const [pair] = comparison.pairs;
    if (!pair || isUnscored(pair.behaviour.divergence)) throw new Error('not compared');
    const [alone] = pair.behaviour.divergence;
    expect(alone).toMatchObject({ length: 1, p: 0.001, permutations: 999 });
    const sure = alone?.most.filter(({ adjusted }) => adjusted < 0.05) ?? [];
    expect(sure.map(({ sentence }) => sentence).sort()).toEqual([
      'B calls `bash find` 3 times as often as A (3 times a trial against 1)',
      'B calls `bash rm` 3 times as often as A (3 times a trial against 1)',
    ]);
    expect(renderComparison(comparison, plain)).toContain('- B calls `bash rm` 3 times as often as A');
    expect(comparisonMarkdown(comparison)).toContain('- B calls `bash rm` 3 times as often as A');
  });

  it('finds nothing between sets that are the same, and little between those that differ by chance', () => {
    const one = (name: string, seed: number) => {
      const random = seededRandom(seed);
      return setOf(name, () => ({ terms: walk(random, 1) }));
    };
    const { divergence, parting } = compared(one('A', 271828), one('A', 271828)).behaviour;
    if (isUnscored(divergence) || isUnscored(parting)) throw new Error('not compared');
    expect(divergence.map(({ bits, p }) => [bits, p])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    const other = compared(one('A', 271828), one('B', 314159)).behaviour.divergence;
    if (isUnscored(other)) throw new Error(other.unscored);
    for (const { bits, byChance, p, most } of other) {
      expect(bits).toBeLessThan(2 * byChance);
      expect(p).toBeGreaterThan(0.05);
      expect(most.every(({ adjusted }) => adjusted > 0.05)).toBe(true);
    }
  });

  it('says who never calls what the other one does', () => {
    const pair = compared(
      setOf('A', () => ({ terms: ['look'] })),
      setOf('B', () => ({ terms: ['look', 'bash curl', 'bash curl'] })),
    );
    expect(JSON.stringify(pair.behaviour.divergence)).toContain(
      'B calls `bash curl` (2 times a trial), and A never does',
    );
  });

  it('finds the first step at which the known sequences part', () => {
    const { input, expect: known } = golden.first_divergence;
    const { parting } = compared(
      setOf('A', () => ({ terms: input.A })),
      setOf('B', () => ({ terms: input.B })),
    ).behaviour;
    expect(parting).toMatchObject({ median: known.divergence_step_1based - 1 });
  });

  it('tells at which step they part, beside where trials of one of them part from each other', () => {
    const a = setOf('A', () => ({ terms: ['look', 'put', 'submit'] }));
    const b = setOf('B', (task) => ({
      terms: task < 10 ? ['peek', 'submit'] : task < 30 ? ['look', 'peek'] : ['look', 'put', 'submit'],
    }));
    const { parting } = compared(a, b).behaviour;
    expect(parting).toMatchObject({
      tasks: 40,
      pairs: 640,
      median: 1,
      never: 0.25,
      within: { a: null, b: null },
    });
    if (isUnscored(parting)) throw new Error(parting.unscored);
    expect(parting.at.slice(0, 3)).toEqual([0.25, 0.5, 0]);
  });

  it('counts errors, recoveries, loops and what else an agent does, each paired', () => {
    const a = setOf('A', () => ({ efficiency: { calls: 10, errors: 1, recovered: 1, loops: 0 } }));
    const b = setOf('B', (task, attempt) => ({
      efficiency: { calls: 10, errors: 4, recovered: 1, loops: (task + attempt) % 2 },
      features: { asked: (task + attempt) % 4 === 0 },
    }));
    const rates = Object.fromEntries(
      compared(a, b).behaviour.rates.map(({ id, figure }) => [
        id,
        isUnscored(figure) ? figure : [figure.a, figure.b, figure.tasks.a],
      ]),
    );
    expect(rates).toMatchObject({
      errors: [expect.closeTo(0.1), expect.closeTo(0.4), 40],
      recoveries: [1, 0.25, 40],
      loops: [0, 0.5, 40],
      asked: [0, 0.25, 40],
    });
  });

  it('compares findings by kind, of those kinds that there are', () => {
    const found = (share: number) => (task: number) => ({
      features: { 'found-secret-exposure': task < 40 * share },
    });
    const { findings } = compared(setOf('A', found(0.25)), setOf('B', found(0.5))).behaviour;
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ id: 'found-secret-exposure', figure: { a: 0.25, b: 0.5 } });
  });

  it('is not compared by terms where no task is the same in both', () => {
    const b = setOf('B', () => ({}));
    const other = { ...b, trials: b.trials.map((trial) => ({ ...trial, digest: 'other' })) };
    const { divergence, parting } = compared(
      setOf('A', () => ({})),
      other,
    ).behaviour;
    expect([divergence, parting]).toEqual(Array(2).fill({ unscored: 'no task is the same in both' }));
  });
});

describe('failure modes', () => {
  /** A third of the trials fail; of those the planted mode is so in 60 %, of the others in 5 %. */
  const planted = (name: string, seed: number) => {
    const random = seededRandom(seed);
    return setOf(
      name,
      () => {
        const failed = random() < 0.33;
        return {
          failed,
          features: {
            unverified: random() < (failed ? 0.6 : 0.05),
            'output-cut': random() < 0.04,
            asked: random() < 0.5,
            installed: random() < 0.03,
            'wrote-first': { unscored: 'made' },
          },
        };
      },
      100,
    );
  };
  const pair = compared(planted('A', 271828), planted('B', 314159));

  it.each(['a', 'b', 'both'])('list the one that was planted first, and no other as one: %s', (of) => {
    const modes = modesOf(pair, of);
    expect(modes[0]).toMatchObject({ feature: 'unverified', kind: 'failure' });
    expect(modes[0]?.failed.share).toBeCloseTo(0.6, 0);
    expect(modes[0]?.succeeded.share).toBeCloseTo(0.05, 1);
    expect(modes.slice(1).filter(({ kind }) => kind === 'failure')).toEqual([]);
    expect(modes.map(({ feature }) => feature)).not.toContain('wrote-first');
  });

  it('name what is rare in both as harmless', () => {
    const kinds = Object.fromEntries(modesOf(pair, 'both').map(({ feature, kind }) => [feature, kind]));
    expect(kinds).toMatchObject({ 'output-cut': 'harmless', installed: 'harmless' });
  });

  it('show a failed trial of it, and stand in the report', () => {
    const example = modesOf(pair, 'b')[0]?.example?.trial;
    expect(pair.failureModes).toHaveLength(3);
    expect(example).toMatch(/^B\d+$/);
    const comparison = compareSets([planted('A', 271828), planted('B', 314159)], { margin: 0.05 });
    for (const text of [
      renderComparison(comparison, { ...plain, width: 200 }),
      comparisonMarkdown(comparison),
    ]) {
      expect(text).toMatch(/did not verify its work[^\n]*6\d\.\d %|did not verify its work[^\n]*5\d\.\d %/);
      expect(text).toMatch(/Harmless, with no difference of 10 points:.*installed\s+a\s+package/s);
    }
  });

  it('are not told of what differs between agents alone', () => {
    const all = (name: string, share: number) => {
      const random = seededRandom(7);
      return setOf(name, () => ({ failed: random() < share, features: { asked: name === 'B' } }));
    };
    const asked = modesOf(compared(all('A', 0.1), all('B', 0.7)), 'both').find(
      ({ feature }) => feature === 'asked',
    );
    expect(asked).toMatchObject({ p: 1, kind: 'unclear' });
  });

  it.each([
    ['no trial failed', false],
    ['no trial was completed', true],
  ])('are not told where %s', (unscored, failed) => {
    const set = (name: string) => setOf(name, () => ({ failed }));
    for (const { modes } of compared(set('A'), set('B')).failureModes) expect(modes).toEqual({ unscored });
  });
});
