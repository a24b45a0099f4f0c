import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { createFold, foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { temporaryFolder, writeSample } from './sample.ts';

const { dir } = writeSample(temporaryFolder(), 'folded');
const { events, bodies } = openTrace(dir);
const all = [...events];
const trial = foldTrial(all, bodies);

describe('folding a trace', () => {
  it('gives steps with their calls, verdicts, answers and notices', () => {
    expect(trial.steps.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const [first] = trial.steps;
    expect(first).toMatchObject({
      thoughtMs: 250,
      finished: true,
      inherited: false,
      milestones: { compressed: false },
      unanswered: ['found'],
      state: { changes: [] },
    });
    expect(first?.startedAt).toBe(first?.asked?.at);
    expect(first?.calls.map(({ callId }) => callId)).toEqual(['0.0', '0.1']);
    expect(trial.steps.find(({ index }) => index === 6)).toMatchObject({
      notice: 'Call submit when you are done.',
      state: { changes: [{ path: '/var/log/a.log.gz', op: 'created' }] },
    });
  });

  it('marks the calls whose answers the agent was no longer there to read', () => {
    const [first, second] = all.filter((event) => event.type === 'agent.decided');
    if (first === undefined || second === undefined) throw new Error('the sample has two decisions');
    const unread = { ...second, decision: { ...second.decision, unread: ['0.1'] } };
    const { steps } = foldTrial(
      all.map((event) => (event === second ? unread : event)),
      bodies,
    );
    expect(steps[0]?.calls.map((call) => call.unread)).toEqual([undefined, true]);
    expect(first.step).toBe(0);
  });

  it('leaves a denied call without its call, and a cut-off step unfinished', () => {
    const denied = trial.steps.find(({ index }) => index === 3)?.calls[0];
    expect(denied?.judged?.verdict).toBe('deny');
    expect(denied?.called).toBeUndefined();
    expect(denied?.returned?.source).toBe('policy');
    const last = trial.steps.find(({ index }) => index === 7);
    expect(last).toMatchObject({ finished: false });
    expect(last?.finishedAt).toBeUndefined();
  });

  it('gives what belongs to the trial as a whole', () => {
    expect(trial).toMatchObject({
      outcome: 'timed-out',
      limit: { limit: 'seconds' },
      opened: [{ purpose: 'work' }],
      tools: [{ name: 'bash' }],
      initial: { value: { '/var/log/a.log': { size: 3 } }, milestones: { found: false } },
      verified: [{ rewards: { reward: 0.5 } }],
      notifications: [{ method: 'notifications/message' }],
    });
  });

  it('never throws, wherever the trace ends', () => {
    for (let length = 1; length <= all.length; length += 1) {
      const part = foldTrial(all.slice(0, length), bodies);
      expect(part.steps.length).toBe(
        all.slice(0, length).filter(({ type }) => type === 'agent.decided').length,
      );
    }
  });

  it('gives the same event by event as all at once', () => {
    const fold = createFold(bodies);
    for (const event of all) fold.add(event);
    expect(fold.trial).toEqual(trial);
  });

  it('keeps a call that was made without being decided', () => {
    const stray = { ...all.find(({ type }) => type === 'tool.called'), callId: '0.9' } as TraceEvent;
    const [first] = foldTrial([...all, stray], bodies).steps;
    expect(first?.calls.map(({ callId }) => callId)).toEqual(['0.0', '0.1', '0.9']);
  });

  it('takes answers that come after the next decision', () => {
    const answers = ['state.observed', 'milestone.checked'];
    const late = all.filter(({ type }) => answers.includes(type));
    const others = all.filter(({ type }) => !answers.includes(type));
    expect(foldTrial([...others, ...late], bodies).steps).toEqual(trial.steps);
  });

  it('refuses a trace without a beginning', () => {
    expect(() => foldTrial([], bodies)).toThrow(expect.objectContaining({ code: 'bad-trace' }));
    expect(() => foldTrial(all.slice(1), bodies)).toThrow(/expected trial\.started/);
  });
});
