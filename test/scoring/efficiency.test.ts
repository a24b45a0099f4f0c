import { describe, expect, it } from 'vitest';
import { failed, type MadeTrial, madeScore, passed } from './trace-builder.ts';

const look = { tool: 'look' };
const reference = { steps: 2, calls: 3 };
const efficiency = (made: MadeTrial) => madeScore(made).efficiency;

describe('against the reference', () => {
  it('a success of six calls, where the reference made three, has ratio and SPL of one half', () => {
    const steps = [{ calls: [look, look, look] }, { calls: [look, look, look] }];
    expect(efficiency({ reference, steps, verified: passed })).toMatchObject({
      steps: 2,
      calls: 6,
      ratio: 0.5,
      spl: 0.5,
    });
  });

  it('a success shorter than the reference has a ratio and an SPL of one, never more', () => {
    expect(efficiency({ reference, steps: [{ calls: [look, look] }], verified: passed })).toMatchObject({
      ratio: 1,
      spl: 1,
    });
  });

  it('a failure has no ratio and an SPL of zero', () => {
    expect(efficiency({ reference, steps: [{ calls: [look] }], verified: failed })).toMatchObject({
      ratio: { unscored: 'the task was not done' },
      spl: 0,
    });
  });

  it('is unscored without a reference or a verdict', () => {
    const none = { unscored: 'the task has no reference trajectory' };
    expect(efficiency({ steps: [{ calls: [look] }], verified: passed })).toMatchObject({
      ratio: none,
      spl: none,
    });
    const undecided = { unscored: 'no verifier answered' };
    expect(efficiency({ reference, steps: [{ calls: [look] }] })).toMatchObject({
      ratio: undecided,
      spl: undecided,
    });
  });

  it('does not count calls that were never tried', () => {
    const calls = [look, { ...look, fate: 'denied' as const }, { ...look, fate: 'skipped' as const }];
    expect(efficiency({ steps: [{ calls }] }).calls).toBe(2);
  });
});

describe('what a trial cost', () => {
  it('is what it said at its end', () => {
    const usage = { input: 100, output: 20 };
    expect(efficiency({ usage, costUsd: 0.5 })).toMatchObject({ tokens: usage, costUsd: 0.5 });
  });

  it('is nothing without a model', () => {
    expect(efficiency({}).costUsd).toBe(0);
  });

  it('is unscored where no price is known', () => {
    expect(efficiency({ usage: { input: 1, output: 1 } }).costUsd).toEqual({
      unscored: 'no price is known for scripted:a',
    });
  });

  it('is unknown, with the tokens, where a model does not say what it used', () => {
    const steps = [{ model: 'm', usage: { input: 10, output: 5, costUsd: 0.25 } }, { model: 'm' }];
    expect(efficiency({ usage: { input: 10, output: 5 }, steps })).toMatchObject({
      untold: 1,
      costUsd: { unscored: 'scripted:a does not say how many tokens it used' },
    });
    expect(efficiency({ usage: { input: 10, output: 5 }, steps: [{ model: 'm' }] })).not.toHaveProperty(
      'untold',
    );
  });

  it('is unknown where a request was paid for whose price nobody told', () => {
    const error = { code: 'limit-unkept', message: 'what a request cost is not known' };
    expect(efficiency({ outcome: 'aborted', error, steps: [] })).toMatchObject({
      untold: 1,
      costUsd: { unscored: 'scripted:a does not say how many tokens it used' },
    });
  });

  it('is summed over the decisions of a trial that was cut off', () => {
    const usage = { input: 10, output: 5, costUsd: 0.25 };
    expect(efficiency({ outcome: null, steps: [{ usage }, { usage }] })).toMatchObject({
      tokens: { input: 20, output: 10 },
      costUsd: 0.5,
    });
  });

  it('divides the time between model, tools and overhead', () => {
    // Decided, called, returned, state, finished: 100 ms apart, and the decision took 40 ms before the first.
    expect(efficiency({ steps: [{ calls: [look] }] })).toMatchObject({
      modelMs: 40,
      toolMs: 30,
      overheadMs: 440 - 70,
    });
  });
});
