import { describe, expect, it } from 'vitest';
import { contaminationOf } from '../../src/contamination/contamination.ts';
import { contaminationMarkdown, renderContamination } from '../../src/report/contamination.ts';
import { plain } from '../../src/report/style.ts';
import { contamination } from '../../src/schema/contamination.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { fisherTogether, rankChance } from '../../src/statistic/rank-test.ts';
import { simulatedTrial } from './simulated-trial.ts';
import { behaviours, simulate } from './simulation.ts';

const canaries = { unscored: 'simulated' };

function trialsOf(tasks: number, name = 'memorises the published instance') {
  const behaviour = behaviours[name];
  if (!behaviour) throw new Error(`no behaviour ${name}`);
  return simulate(behaviour, { tasks, variants: 3, attempts: 2 }, seededRandom(7), true);
}

describe('contamination', () => {
  const found = contaminationOf(trialsOf(60), { agent: 'agent', reference: 'reference', canaries });

  it('is told with its evidence, in text, Markdown and as its schema says', () => {
    expect(contamination.parse(found)).toEqual(found);
    expect(found.verdict).toBe('strong');
    expect(renderContamination(found, plain)).toMatch(/agent, beside reference: strong\n {2}it does better/);
    expect(contaminationMarkdown(found)).toContain('**agent, beside reference: strong**');
  });

  it('is described and not judged over fewer than ten base tasks', () => {
    const few = contaminationOf(trialsOf(9), { agent: 'agent', canaries });
    expect(few.verdict).toEqual({ unscored: expect.stringContaining('descriptive only') });
    expect(few.tests).toEqual([]);
    expect(renderContamination(few, plain)).not.toContain('strong\n');
  });

  it('is strong where a planted value was never shown', () => {
    const trials = trialsOf(12, 'honest');
    const completed = [{ trial: 'r/t', base: 'made/t0', name: 'key', step: 1 }];
    const told = contaminationOf(trials, { agent: 'agent', canaries: { values: 1, trials: 3, completed } });
    expect(told.verdict).toBe('strong');
    expect(told.because[0]).toContain('planted values');
  });

  it('leaves out base tasks that were published in two versions', () => {
    const [first, ...others] = trialsOf(12);
    const changed = { ...first, digest: 'another', trial: 'again' } as typeof first & object;
    const told = contaminationOf([changed, first as typeof changed, ...others], { agent: 'agent', canaries });
    expect(told.leftOut).toEqual([
      { base: 'made/t0', why: expect.stringContaining('more than one version') },
    ]);
    expect(told.tasks).toHaveLength(11);
  });

  it('says what so many tasks would find, and how many it takes', () => {
    const told = contaminationOf(trialsOf(12, 'honest'), { agent: 'agent', canaries });
    const content = told.tests.find(({ id }) => id === 'content');
    expect(content?.needs).toBeGreaterThan(12);
    expect(content?.finds).toBeGreaterThan(0.1);
    expect(renderContamination(told, plain)).toMatch(
      /80 % of differences of \d+ points would be found with as many tasks; \d+ tasks would find 10/,
    );
  });

  it('suspects an agent whose calls in variants are those of the published instance', () => {
    const base = Array.from({ length: 12 }, (_, at) => `made/t${at}`);
    const made = (agent: string, kind: 'published' | 'variant', passes: boolean) =>
      base.map((one) =>
        simulatedTrial({ agent, base: one, kind, seed: 's', attempt: 1, passes, unseen: [] }),
      );
    const own = [...made('agent', 'published', true), ...made('agent', 'variant', true)];
    const fromMemory = [
      ...made('recorded-published:agent', 'published', true),
      ...made('recorded-published:agent', 'variant', false),
      ...made('recorded-variants:agent', 'published', true),
    ];
    const looked = [...fromMemory.slice(0, 24), ...made('recorded-variants:agent', 'published', false)];
    const told = (recited: typeof own) => contaminationOf([...own, ...recited], { agent: 'agent', canaries });
    expect(told(fromMemory)).toMatchObject({
      verdict: 'suspicious',
      recited: { onPublished: { mean: 1 }, onFresh: { mean: 0 }, ofVariantsOnPublished: { mean: 1 } },
    });
    expect(told(looked)).toMatchObject({ verdict: 'no evidence' });
    expect(told([]).recited).toEqual({ unscored: expect.stringContaining('--replay') });
  });

  it('ranks a published instance among variants, and takes tasks together as Fisher does', () => {
    expect(rankChance(1, [0, 0.5, 0.5])).toBe(0.25);
    expect(rankChance(1, [1, 1, 1])).toBe(1);
    // x·(1 − ln x + ln²x ∕ 2) for their product x = .25³.
    expect(fisherTogether([0.25, 0.25, 0.25])).toBeCloseTo(0.21573, 4);
  });
});
