import { describe, expect, it } from 'vitest';
import { compareSets, usualMargin } from '../../src/comparison/compare-sets.ts';
import { heldOutChanges, heldOutGap } from '../../src/comparison/held-out.ts';
import type { SetTrial, TrialSet } from '../../src/comparison/trial-set.ts';
import { comparisonMarkdown } from '../../src/report/comparison/markdown.ts';
import { renderComparison } from '../../src/report/comparison/render.ts';
import { plain } from '../../src/report/style.ts';
import { comparison as schema } from '../../src/schema/comparison.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { simulatedTrial } from '../contamination/simulated-trial.ts';
import { type Behaviour, honest, memorisesPublished, simulatedTrials, weaker } from './simulated.ts';

/** Two versions of an agent at the same base tasks, as published and held out. */
function twoVersions(before: Behaviour, after: Behaviour, seed: number, tasks = 30) {
  const design = { tasks, variants: 3, attempts: 2 };
  const trials = simulatedTrials({ before, after }, design, seededRandom(seed));
  const of = (agent: string) => trials.filter((trial) => trial.agent === agent);
  return { a: of('before'), b: of('after') };
}

function change(...made: Parameters<typeof twoVersions>) {
  const [found] = heldOutChanges([{ names: { a: 'before', b: 'after' }, ...twoVersions(...made) }]);
  if (!found) throw new Error('no base task tells');
  return found;
}

const simulations = 25;
const kindsOf = (before: Behaviour, after: Behaviour) =>
  Array.from({ length: simulations }, (_, seed) => change(before, after, seed + 1).kind);
const targets = (kinds: readonly string[]) => kinds.filter((kind) => kind === 'target').length;

/** One trial of a base task, or of a variant of it, that passes or does not. */
const trial = (base: string, kind: 'published' | 'variant', passes: boolean, seed = 's'): SetTrial =>
  simulatedTrial({ agent: 'one', base, seed, kind, attempt: 1, passes, unseen: [] });

const both = (n: number, ofPublished: (at: number) => boolean, ofVariant: (at: number) => boolean) =>
  Array.from({ length: n }, (_, at) => [
    trial(`made/t${at}`, 'published', ofPublished(at)),
    trial(`made/t${at}`, 'variant', ofVariant(at)),
  ]).flat();

describe('the gap between published and held-out', () => {
  it('is paired by base task, with its interval and how many tasks it rests on', () => {
    const gap = heldOutGap(
      both(
        20,
        (at) => at < 15,
        (at) => at < 9,
      ),
    );
    expect(gap).toMatchObject({ published: 0.75, heldOut: 0.45, tasks: 20, units: 20 });
    expect(gap?.gap).toBeCloseTo(0.3, 12);
    expect(gap?.interval.method).toBe('newcombe-paired');
    expect(gap?.interval.low).toBeGreaterThan(0);
    expect(gap?.trials).toEqual({ published: 20, heldOut: 20 });
  });

  it('counts all variants of a base task as one, however many there are', () => {
    const few = both(
      12,
      () => true,
      (at) => at % 2 === 0,
    );
    const many = [
      ...few,
      ...Array.from({ length: 12 }, (_, at) => trial(`made/t${at}`, 'variant', at % 2 === 0, 'other')),
    ];
    const [one, other] = [heldOutGap(few), heldOutGap(many)];
    expect({ ...other, trials: undefined }).toEqual({ ...one, trials: undefined });
  });

  it('is wide of a lone task, and never ±0', () => {
    const gap = heldOutGap([trial('made/t', 'published', true), trial('made/t', 'variant', true)]);
    expect(gap).toMatchObject({ gap: 0, tasks: 1 });
    expect(gap?.interval.high).toBeGreaterThan(0.5);
  });

  it('is none where no base task was tried both ways, or where its published instance changed', () => {
    expect(
      heldOutGap([trial('made/a', 'published', true), trial('made/b', 'variant', true)]),
    ).toBeUndefined();
    const published = trial('made/a', 'published', true);
    const changed = [published, { ...published, digest: 'later' }, trial('made/a', 'variant', true)];
    expect(heldOutGap(changed)).toBeUndefined();
  });
});

describe('a published score that rose', () => {
  it('may have become the target where the agent came to know what is published', () => {
    expect(targets(kindsOf(weaker, memorisesPublished))).toBeGreaterThanOrEqual(0.85 * simulations);
    const { sentence } = change(weaker, memorisesPublished, 1);
    expect(sentence).toMatch(
      /^Of 30 base tasks after completes \d+\.\d points more than before as published \(95 % interval \d.*\), and \d+\.\d points (more|less) in held-out instances \(.*\); the gap grew by \d+\.\d points \(.*\): the metric may have become the target\.$/,
    );
  });

  it('is no target where held-out instances rose alike, where nothing changed, and where it fell', () => {
    const able: Behaviour = { ...honest, ability: 2 };
    const rose = kindsOf(weaker, able);
    expect(targets(rose)).toBeLessThanOrEqual(0.05 * simulations);
    expect(rose.filter((kind) => kind === 'rose-alike').length).toBeGreaterThanOrEqual(0.9 * simulations);
    expect(targets(kindsOf(honest, honest))).toBeLessThanOrEqual(0.05 * simulations);
    expect(targets(kindsOf(memorisesPublished, weaker))).toBe(0);
  });

  it('is described, and not judged, by few base tasks', () => {
    const few = change(weaker, memorisesPublished, 1, 9);
    expect(few.kind).toBe('descriptive');
    expect(few.sentence).toMatch(/descriptive only, as it takes at least 10 independent base tasks/);
  });

  it('is held to a smaller p where several pairs are looked at', () => {
    const one = { names: { a: 'before', b: 'after' }, ...twoVersions(weaker, memorisesPublished, 1) };
    const [alone] = heldOutChanges([one]);
    const [first] = heldOutChanges([one, one, one]);
    expect(alone?.adjusted).toBeUndefined();
    expect(first?.adjusted).toBeGreaterThan(Math.max(alone?.widening.p ?? 1, alone?.published.p ?? 1));
  });
});

describe('a comparison of sets with held-out instances', () => {
  const { a, b } = twoVersions(weaker, memorisesPublished, 1);
  const set = (selector: string, trials: readonly SetTrial[]): TrialSet => ({
    ...{ selector, trials, unreadable: [] },
  });
  const compared = schema.parse(compareSets([set('before', a), set('after', b)], { margin: usualMargin }));

  it('says so beside the verdict, and shows each set’s gap', () => {
    const [pair] = compared.pairs;
    expect(pair?.heldOut?.kind).toBe('target');
    expect(compared.sets.map(({ gap }) => gap?.tasks)).toEqual([30, 30]);
    for (const text of [renderComparison(compared, plain), comparisonMarkdown(compared)]) {
      expect(text.replace(/\s+/g, ' ')).toContain('the metric may have become the target');
      expect(text).toMatch(/published − held out \+\d+\.\d/);
    }
  });

  it('says nothing where only what is published was tried', () => {
    const published = (trials: readonly SetTrial[]) => trials.filter(({ instance }) => !instance);
    const plainly = compareSets([set('a', published(a)), set('b', published(b))], { margin: usualMargin });
    expect(plainly.pairs[0]?.heldOut).toBeUndefined();
    expect(plainly.sets[0]?.gap).toBeUndefined();
  });
});
