import { describe, expect, it } from 'vitest';
import { type MadeCall, type MadeStep, type MadeTrial, madeScore } from './trace-builder.ts';

/** Labels of each call, in order. */
function labels(steps: MadeStep[], made: MadeTrial = {}): string[][] {
  return madeScore({ ...made, steps }).steps.flatMap((step) => step.calls.map((call) => call.labels));
}

/** Steps of one call each. */
const each = (...calls: (MadeCall & { state?: string })[]): MadeStep[] =>
  calls.map(({ state, ...call }) => ({ calls: [call], ...(state !== undefined && { state }) }));

const look: MadeCall = { tool: 'look', args: { at: 'a', by: 'b' }, out: 'here' };

describe('a redundant read', () => {
  it('asks the same, gets the same, with no change of state since', () => {
    expect(labels(each(look, { tool: 'peek' }, look))).toEqual([[], [], ['redundant-read']]);
  });

  it('is known by its canonical arguments', () => {
    expect(labels(each(look, { ...look, args: { by: 'b', at: 'a' } }))[1]).toEqual(['redundant-read']);
  });

  it.each([
    ['other arguments', each(look, { ...look, args: { at: 'c' } })],
    ['another tool', each(look, { ...look, tool: 'peek' })],
    ['another answer', each(look, { ...look, out: 'gone' })],
    ['a change of state between', each(look, { tool: 'put', state: 's1' }, look)],
    ['a first read that failed', each({ ...look, fate: 'error' }, look)],
  ])('is none with %s', (_, steps) => {
    expect(labels(steps).flat()).not.toContain('redundant-read');
  });

  it('is none in one step where a write lies between', () => {
    const steps = [{ calls: [look, { tool: 'put' }, look, look], state: 's1' }];
    expect(labels(steps)).toEqual([[], [], [], ['redundant-read']]);
  });

  it('may be a command, where it changed nothing', () => {
    const ls: MadeCall = { tool: 'bash', args: { command: 'ls' }, out: 'a' };
    expect(labels(each(ls, ls))[1]).toEqual(['redundant-read']);
    expect(labels(each({ ...ls, state: 's1' }, { ...ls, state: 's2' }))[1]).toEqual([]);
  });
});

describe('a no-op write', () => {
  it('leaves the state as it was', () => {
    expect(labels(each({ tool: 'put' }, { tool: 'put', state: 's1' }))).toEqual([['no-op-write'], []]);
  });

  it.each([
    ['a read', 'look'],
    ['a command', 'bash'],
    ['a message to another party', 'mail'],
  ])('is not %s', (_, tool) => {
    expect(labels(each({ tool }))).toEqual([[]]);
  });

  it('is not a write that failed', () => {
    expect(labels(each({ tool: 'put', fate: 'error' }))).toEqual([['error']]);
  });
});

describe('without a known state', () => {
  it.each([
    ['the environment declares no state', { state: 'none' } satisfies MadeTrial, undefined],
    ['step 0: the state is not known', {}, null],
  ])('counts are unscored: %s', (unscored, made, state) => {
    const first: MadeStep = { calls: [{ tool: 'put' }], ...(state === null && { state }) };
    const score = madeScore({ ...made, steps: [first, { calls: [look] }, { calls: [look] }] });
    expect(score.efficiency).toMatchObject({ redundantReads: { unscored }, noopWrites: { unscored } });
    expect(score.unscored.map(({ detector }) => detector)).toEqual(['no-op-write', 'redundant-read']);
  });
});

describe('a loop', () => {
  const a: MadeCall = { tool: 'bash', args: { command: 'a' } };
  const b: MadeCall = { tool: 'bash', args: { command: 'b' } };
  const looped = (...calls: MadeCall[]) =>
    labels(each(...calls)).map((names) => (names.includes('loop') ? 1 : 0));

  it('is a period three times over, its repetitions labelled', () => {
    expect(looped(a, a, a)).toEqual([0, 1, 1]);
    expect(looped(b, a, b, a, b, a, b)).toEqual([0, 0, 1, 1, 1, 1, 1]);
  });

  it('is none twice over, or with another result', () => {
    expect(looped(a, a)).toEqual([0, 0]);
    expect(looped(a, { ...a, out: 'x' }, a)).toEqual([0, 0, 0]);
  });

  it('is none with a period above four', () => {
    const five = [1, 2, 3, 4, 5].map((n) => ({ tool: 'look', args: { n } }));
    expect(looped(...five, ...five, ...five)).not.toContain(1);
    expect(looped(...five.slice(1), ...five.slice(1), ...five.slice(1))).toContain(1);
  });

  it('is counted once, however long', () => {
    const steps = each(a, a, a, a, a, { tool: 'look' }, b, b, b);
    expect(madeScore({ steps }).efficiency.loops).toBe(2);
  });
});

describe('an error', () => {
  it.each([
    ['error', ['error']],
    ['schema', ['error']],
    ['timeout', ['error']],
    ['denied', ['denied']],
    ['interrupted', []],
    ['lost', []],
    ['skipped', []],
  ] as const)('a call whose fate was %s bears %j', (fate, expected) => {
    expect(labels(each({ tool: 'bash', fate }))).toEqual([expected]);
  });

  const wrong: MadeCall = { tool: 'bash', args: { command: 'gti' }, fate: 'error' };
  const right: MadeCall = { tool: 'bash', args: { command: 'git' } };
  const other: MadeCall = { tool: 'look', args: { n: 1 } };
  const another: MadeCall = { tool: 'look', args: { n: 2 } };

  it('is recovered where the same tool succeeds with other arguments within three calls', () => {
    expect(labels(each(wrong, other, another, right))[0]).toEqual(['error', 'recovered']);
    expect(labels(each(wrong, other, another, { tool: 'peek' }, right))[0]).toEqual(['error']);
  });

  it('is not recovered by the same call again, nor by another tool', () => {
    expect(labels(each(wrong, { ...wrong, fate: 'ok' }))[0]).toEqual(['error']);
    expect(labels(each(wrong, other))[0]).toEqual(['error']);
  });

  it('is recovered where a milestone is reached', () => {
    const steps = [{ calls: [wrong] }, { calls: [other], milestones: { found: true } }];
    expect(labels(steps, { milestones: { found: 1 }, held: { found: false } })[0]).toEqual([
      'error',
      'recovered',
    ]);
  });

  it('is counted in the trial', () => {
    expect(madeScore({ steps: each(wrong, right, wrong) }).efficiency).toMatchObject({
      errors: 2,
      recovered: 1,
    });
  });
});
