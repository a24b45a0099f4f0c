import { describe, expect, it } from 'vitest';
import { madeScore } from './trace-builder.ts';

const milestones = { found: 1, fixed: 3 };

describe('progress', () => {
  const score = madeScore({
    milestones,
    held: { found: false, fixed: false },
    steps: [
      { milestones: { found: true, fixed: false } },
      { milestones: { found: true, fixed: true } },
      { milestones: { found: true, fixed: false } },
    ],
  });

  it('is the weight of the milestones held over the weight of all, after each step', () => {
    expect(score.steps.map(({ phi }) => phi)).toEqual([0.25, 1, 0.25]);
    expect(score.steps.map(({ reward }) => reward)).toEqual([0.25, 0.75, -0.75]);
  });

  it('names what was reached and lost, and labels the steps', () => {
    expect(score.steps.map(({ reached, lost }) => ({ reached, lost }))).toEqual([
      { reached: ['found'], lost: [] },
      { reached: ['fixed'], lost: [] },
      { reached: [], lost: ['fixed'] },
    ]);
    expect(score.steps.map(({ labels }) => labels)).toEqual([['progress'], ['progress'], ['regress']]);
  });

  it('tells the best from the final where work was undone', () => {
    expect(score.completion.progress).toEqual({ max: 1, final: 0.25 });
    expect(score.completion.milestones).toEqual({ reached: 2, total: 2 });
  });

  it('counts from what held at the start', () => {
    const later = madeScore({
      milestones,
      held: { found: true, fixed: false },
      steps: [{ milestones: { found: true, fixed: false } }],
    });
    expect(later.steps[0]).toMatchObject({ phi: 0.25, reward: 0, reached: [], labels: [] });
  });

  it('is unscored, not zero, where a milestone does not answer', () => {
    const blind = madeScore({
      milestones,
      held: { found: false, fixed: false },
      steps: [{ milestones: { found: true, fixed: null } }],
    });
    const unscored = 'milestone "fixed" was not answered';
    expect(blind.steps[0]).toMatchObject({ phi: { unscored }, reward: { unscored } });
    expect(blind.completion.progress).toEqual({ unscored });
    expect(blind.unscored).toContainEqual({
      detector: 'progress',
      reason: 'step 0: milestone "fixed" did not answer',
    });
  });

  it('is unscored where the task has no milestones', () => {
    expect(madeScore({ steps: [{}] }).completion).toMatchObject({
      progress: { unscored: 'the task has no milestones' },
      milestones: { reached: 0, total: 0 },
    });
  });

  it('of a trial cut off within a step is that of the step before', () => {
    const cut = madeScore({
      milestones,
      held: { found: false, fixed: false },
      outcome: null,
      steps: [{ milestones: { found: true, fixed: false } }, { calls: [{ tool: 'put' }], cutOff: true }],
    });
    expect(cut.completion.progress).toEqual({ max: 0.25, final: 0.25 });
    expect(cut.steps[1]?.phi).toHaveProperty('unscored');
  });
});
