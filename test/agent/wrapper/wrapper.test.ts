import { describe, expect, it } from 'vitest';
import { escalateAgent } from '../../../src/agent/wrapper/escalate.ts';
import { retryAgent } from '../../../src/agent/wrapper/retry.ts';
import { voteAgent } from '../../../src/agent/wrapper/vote.ts';
import { ProctorError } from '../../../src/errors.ts';
import type { View } from '../../../src/schema/view.ts';
import { brief, decide, firstView, viewAfter } from '../view.ts';
import { fakeAgent, running } from './fake-agent.ts';

const unreadable = { ...running('ls'), calls: [{ tool: 'bash', arguments: {}, malformed: '{"comm' }] };
const away = new ProctorError('model-unavailable', 'the model is away');

describe('vote', () => {
  const voted = async (...answers: Parameters<typeof fakeAgent>[1]) =>
    decide(await voteAgent(answers.length, fakeAgent('a', answers)).open(brief), firstView);

  it('takes the calls that came most often, and pays for all', async () => {
    const { costUsd, ...decision } = await voted(running('pwd'), running('ls'), running('ls'));
    expect(decision).toMatchObject({
      calls: [{ tool: 'bash', arguments: { command: 'ls' } }],
      usage: { input: 30, output: 3 },
      wrapped: [{ by: 'vote', of: 3, agreed: 2, others: ['[{"args":{"command":"pwd"},"tool":"bash"}]'] }],
    });
    expect(costUsd).toBeCloseTo(0.3);
  });

  it('takes the first of two that came equally often', async () => {
    expect(await voted(running('pwd'), running('ls'))).toMatchObject({
      calls: [{ arguments: { command: 'pwd' } }],
    });
  });

  it('does not count a crash, and crashes where all did', async () => {
    expect(await voted(new Error('oops'), running('ls'))).toMatchObject({
      wrapped: [{ of: 2, agreed: 1, others: ['none: oops'] }],
    });
    await expect(voted(new Error('oops'), new Error('again'))).rejects.toThrow('oops');
  });

  it('does not hide that a model did not answer', async () => {
    await expect(voted(running('ls'), away)).rejects.toBe(away);
  });

  it('does not say what it cost where one vote does not', async () => {
    const { costUsd: _, ...unpriced } = running('ls');
    expect(await voted(running('ls'), unpriced)).not.toHaveProperty('costUsd');
  });
});

describe('retry', () => {
  it('asks again where a decision can’t be read, and pays for both', async () => {
    const agent = fakeAgent('a', [unreadable, running('ls')]);
    const session = await retryAgent(2, agent).open(brief);
    expect(await decide(session, firstView)).toMatchObject({
      calls: [{ arguments: { command: 'ls' } }],
      costUsd: 0.2,
      wrapped: [{ by: 'retry', failed: ['the arguments of bash can’t be read'] }],
    });
    expect(agent.opened).toBe(1);
  });

  it('opens the agent anew after a crash', async () => {
    const agent = fakeAgent('a', [new Error('oops'), running('ls')]);
    const session = await retryAgent(1, agent).open(brief);
    expect(await decide(session, firstView)).toMatchObject({ wrapped: [{ by: 'retry', failed: ['oops'] }] });
    expect(agent.opened).toBe(2);
  });

  it('takes the last answer as it is, throws the last crash, and says nothing where nothing failed', async () => {
    const twice = await retryAgent(1, fakeAgent('a', [unreadable, unreadable])).open(brief);
    expect(await decide(twice, firstView)).toMatchObject({ calls: [{ malformed: '{"comm' }] });
    const crashes = await retryAgent(1, fakeAgent('a', [new Error('one'), new Error('two')])).open(brief);
    await expect(decide(crashes, firstView)).rejects.toThrow('two');
    const sound = await retryAgent(1, fakeAgent('a', [running('ls')])).open(brief);
    expect(await decide(sound, firstView)).toEqual(running('ls'));
  });
});

describe('escalate', () => {
  const escalated = async (view: View, first: Parameters<typeof fakeAgent>[1]) =>
    decide(await escalateAgent(fakeAgent('a', first), fakeAgent('b', [running('b')])).open(brief), view);
  const failing = (count: number) => {
    let view = firstView;
    for (let step = 0; step < count; step++) view = viewAfter(view, running('ls'), ['no']);
    for (const { observations } of view.steps) for (const one of observations) one.isError = true;
    return view;
  };

  it.each([
    ['gives up', firstView, [{ calls: [], stop: 'done' as const }], 'a gave up'],
    ['crashes', firstView, [new Error('oops')], 'oops'],
    ['has no room left', firstView, [new ProctorError('context-overflow', 'too long')], 'too long'],
    ['only failed for three steps', failing(3), [], 'all calls of 3 steps failed'],
  ])('hands over where the first agent %s', async (_, view, first, because) => {
    expect(await escalated(view, first)).toMatchObject({
      calls: [{ arguments: { command: 'b' } }],
      wrapped: [{ by: 'escalate', agent: 'b', because }],
    });
  });

  it('leaves the first agent alone otherwise', async () => {
    expect(await escalated(failing(2), [running('a')])).toEqual(running('a'));
    await expect(escalated(firstView, [away])).rejects.toBe(away);
  });

  it('stays with the second agent in a trial that goes on from the record', async () => {
    const taken = await escalated(firstView, [new Error('oops')]);
    expect(await escalated(viewAfter(firstView, taken, ['ok']), [running('a')])).toMatchObject({
      wrapped: [{ by: 'escalate', agent: 'b' }],
    });
  });
});
