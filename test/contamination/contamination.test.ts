import { describe, expect, it } from 'vitest';
import { contaminationOf } from '../../src/contamination/contamination.ts';
import { contaminationMarkdown, renderContamination } from '../../src/report/contamination.ts';
import { plain } from '../../src/report/style.ts';
import { contamination } from '../../src/schema/contamination.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { fisherTogether, rankChance } from '../../src/statistic/rank-test.ts';
import { honest, memorisesPublished, simulatedTrials } from './simulated.ts';

const canaries = { unscored: 'simulated' };
const both = { agent: memorisesPublished, reference: honest };
const trialsOf = (tasks: number) =>
  simulatedTrials(both, { tasks, variants: 3, attempts: 2 }, seededRandom(7));

describe('contamination', () => {
  const found = contaminationOf(trialsOf(26), { agent: 'agent', reference: 'reference', canaries });

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
    const trials = simulatedTrials(
      { agent: honest },
      { tasks: 12, variants: 2, attempts: 1 },
      seededRandom(7),
    );
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

  it('ranks a published instance among variants, and takes tasks together as Fisher does', () => {
    expect(rankChance(1, [0, 0.5, 0.5])).toBe(0.25);
    expect(rankChance(1, [1, 1, 1])).toBe(1);
    // x·(1 − ln x + ln²x ∕ 2) for their product x = .25³.
    expect(fisherTogether([0.25, 0.25, 0.25])).toBeCloseTo(0.21573, 4);
  });
});
