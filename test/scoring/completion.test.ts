import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/schema/outcome.ts';
import { failed, type MadeTrial, madeScore, passed } from './trace-builder.ts';

const completion = (made: MadeTrial) => madeScore(made).completion;

describe('the reward that counts', () => {
  it.each([
    ['the key `reward` where there is one', { reward: 0.25, style: 1 }, 0.25],
    ['the mean of all keys where there is none', { a: 1, b: 0.5 }, 0.75],
    ['cut to 1', { reward: 1500 }, 1],
    ['cut to 0', { reward: -3 }, 0],
  ])('is %s', (_, rewards, expected) => {
    const given = completion({ verified: [{ rewards }] });
    expect(given.reward).toBe(expected);
    expect(given.rewards).toEqual(rewards);
  });

  it('is zero where the agent is at fault that there is none', () => {
    const error = { code: 'no-reward', message: 'test.sh wrote none', fault: 'agent' as const };
    expect(completion({ verified: [{ error }] })).toMatchObject({ reward: 0, success: false });
  });

  it('is unscored where the harness is at fault for there being none', () => {
    const error = { code: 'verifier-failed', message: 'no room on the disk', fault: 'harness' as const };
    const unscored = 'verifier: no room on the disk';
    expect(completion({ verified: [{ error }] })).toMatchObject({
      reward: { unscored },
      success: { unscored },
    });
  });

  it('is unscored where no verifier answered, or one without a single key', () => {
    expect(completion({}).reward).toEqual({ unscored: 'no verifier answered' });
    expect(completion({ verified: [{ rewards: {} }] }).reward).toEqual({
      unscored: 'verifier: it gave no reward',
    });
  });

  it.each(['infrastructure-error', 'aborted', 'not-run', 'diverged'] satisfies Outcome[])(
    'is unscored after %s, whatever the verifier said',
    (outcome) => {
      const made = { outcome, error: { code: 'engine-unreachable', message: 'gone' }, verified: passed };
      expect(completion(made).reward).toEqual({ unscored: `${outcome}: gone` });
    },
  );

  it('is unscored where the trace is cut off', () => {
    expect(completion({ outcome: null, verified: passed }).reward).toHaveProperty('unscored');
  });

  it('is zero for a sandbox that the agent broke', () => {
    expect(completion({ outcome: 'broke-sandbox', verified: passed })).toMatchObject({
      reward: 0,
      success: false,
    });
  });

  it('counts for an agent that ran out of steps as it does for one that submitted', () => {
    expect(completion({ outcome: 'out-of-steps', verified: passed }).success).toBe(true);
  });
});

describe('several phases', () => {
  const two = [{ rewards: { reward: 1, style: 1 } }, { rewards: { reward: 0.5 } }];

  it('are averaged, key by key, a missing key counting zero', () => {
    const given = completion({ phases: { total: 2, reward: 'mean' }, verified: two });
    expect(given.reward).toBe(0.75);
    expect(given.rewards).toEqual({ reward: 0.75, style: 0.5 });
  });

  it('are judged by the last one where the task says so', () => {
    const given = completion({ phases: { total: 2, reward: 'final' }, verified: two });
    expect(given).toMatchObject({ reward: 0.5, rewards: { reward: 0.5 } });
  });

  it('count zero where they were never come to', () => {
    expect(completion({ phases: { total: 2, reward: 'mean' }, verified: passed })).toMatchObject({
      reward: 0.5,
      success: false,
    });
    expect(completion({ phases: { total: 2, reward: 'final' }, verified: passed }).reward).toBe(0);
  });

  it('are judged by the last verdict on each', () => {
    const again = [
      { phase: 0, ...failed[0] },
      { phase: 0, ...passed[0] },
    ];
    expect(completion({ verified: again }).reward).toBe(1);
  });
});

describe('success', () => {
  it.each([
    [1, true],
    [0.99, false],
    [0, false],
  ])('of a reward of %f is %s', (reward, success) => {
    expect(completion({ verified: [{ rewards: { reward } }] }).success).toBe(success);
  });

  it('is void where the verifier saw tampering, and the reward stays as it was given', () => {
    const given = completion({ verified: [{ rewards: { reward: 1 }, integrity: ['/bin/sh was replaced'] }] });
    expect(given).toMatchObject({ reward: 1, success: false });
  });
});
