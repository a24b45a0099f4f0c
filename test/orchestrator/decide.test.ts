import { describe, expect, it, vi } from 'vitest';
import type { AgentDecision } from '../../src/agent/agent.ts';
import { openAccount } from '../../src/orchestrator/account.ts';
import { act } from '../../src/orchestrator/act.ts';
import { decide } from '../../src/orchestrator/decide.ts';
import { spentBy } from '../../src/orchestrator/live-trial.ts';
import { observe } from '../../src/orchestrator/observe.ts';
import { openTools } from '../../src/orchestrator/provision.ts';
import type { View } from '../../src/schema/view.ts';
import { fakeSandbox } from './fake-sandbox.ts';
import { bash, decided, type Made, made, sessionOf, signal, submit } from './live.ts';

const says = (text: string, more: Partial<AgentDecision> = {}): AgentDecision => ({
  calls: [],
  text,
  ...more,
});
const used = (input: number, output: number, costUsd?: number): AgentDecision => ({
  ...bash('true'),
  usage: { input, output },
  ...(costUsd !== undefined && { costUsd }),
});

/** Decides, acts and observes as often as there are decisions; gives what each view and each decision came to. */
async function goThrough(parts: Made, ...decisions: AgentDecision[]) {
  const trial = made(parts);
  const views: View[] = [];
  const session = sessionOf(decisions);
  trial.live.sandbox = trial.sandbox;
  trial.live.session = {
    ...session,
    decide(view, options) {
      views.push(structuredClone(view));
      return session.decide(view, options);
    },
  };
  await openTools(trial.live, signal);
  const came = [];
  for (const _ of decisions) {
    came.push(await decide(trial.live, signal));
    await act(trial.live, signal);
    await observe(trial.live, true);
  }
  await trial.live.barrier.observed;
  return { ...trial, views, came };
}

describe('a decision', () => {
  it('is asked for with all that came before and what is left, and is recorded with its calls numbered', async () => {
    const limits = { steps: 5, tokens: 100, cost_usd: 1, seconds: 60 };
    const { views, of } = await goThrough({ limits }, used(10, 5, 0.25), bash('a', 'b'));
    expect(views.map(({ steps }) => steps.length)).toEqual([0, 1]);
    expect(views[1]).toMatchObject({
      task: 'made/task',
      instruction: 'Do it.',
      remaining: { steps: 4, tokens: 85, costUsd: 0.75, seconds: expect.any(Number) },
      steps: [{ decision: used(10, 5, 0.25), observations: [{ callId: '0.0', isError: false }] }],
    });
    expect(views[1]?.tools.map(({ name }) => name)).toContain('submit');
    expect(of('agent.decided').map(({ decision }) => decision.calls.map(({ callId }) => callId))).toEqual([
      ['0.0'],
      ['1.0', '1.1'],
    ]);
  });

  it('has nothing left of what is not limited, and no limit of its own', async () => {
    const { views } = await goThrough(
      { task: { 'proctor.toml': 'environment = "shell"\n[verify]\nby = "answer"\nexact = "x"' } },
      bash('a'),
    );
    expect(views[0]?.remaining).toEqual({ steps: 50 });
  });

  it('records what the model was asked, before its answer', async () => {
    const trial = made();
    trial.live.sandbox = trial.sandbox;
    trial.live.session = {
      async decide(_, { asked }) {
        asked({ messages: ['go'] }, false);
        return submit();
      },
      close: async () => {},
    };
    await openTools(trial.live, signal);
    await decide(trial.live, signal);
    expect(trial.events.map(({ type }) => type).slice(-2)).toEqual(['agent.asked', 'agent.decided']);
    expect(trial.of('agent.asked')).toMatchObject([
      { step: 0, request: '{"messages":["go"]}', appended: false },
    ]);
  });

  it('is dropped where it comes after the trial was told to end', async () => {
    const end = new AbortController();
    const trial = made();
    trial.live.sandbox = trial.sandbox;
    trial.live.session = {
      async decide() {
        end.abort(new Error('over'));
        return submit();
      },
      close: async () => {},
    };
    await openTools(trial.live, signal);
    await expect(decide(trial.live, end.signal)).rejects.toThrow('over');
    expect(trial.of('agent.decided')).toEqual([]);
  });

  it.each([
    ['says that it is done', says('bye', { stop: 'done' })],
    ['refuses', says('no', { stop: 'refused' })],
  ])('gives up at once where the agent %s', async (_, decision) => {
    const { came } = await goThrough({}, decision);
    expect(came).toMatchObject([{ gaveUp: true }]);
  });

  it('is answered with a reminder the first time that it calls nothing, and gives up the second time in a row', async () => {
    const { came, views } = await goThrough({}, says('hm'), bash('a'), says('hm'), says('hm'));
    expect(came.map(({ gaveUp }) => gaveUp)).toEqual([false, false, false, true]);
    expect(views[1]?.steps[0]?.notice).toMatch(/^You called no tool/);
    expect(views[2]?.steps[1]).not.toHaveProperty('notice');
  });

  it('begins to count idle decisions anew with each phase', async () => {
    const trial = await decided(made(), says('hm'), says('hm'));
    await observe(trial.live, false);
    trial.live.parts.recorder.append({ type: 'phase.started', phase: 1, instruction: 'Next.' });
    expect(await decide(trial.live, signal)).toMatchObject({ gaveUp: false });
    expect(trial.live.parts.recorder.steps[0]?.begins).toBe('Next.');
  });

  it('has no cost where no price is known, and the sum of those that are', async () => {
    const unknown = await goThrough({}, used(1, 2), used(3, 4));
    expect(spentBy(unknown.live)).toEqual({ usage: { input: 4, output: 6 } });
    const known = await goThrough({}, used(1, 2), {
      ...used(3, 4, 0.5),
      usage: { input: 3, output: 4, cached: 2 },
    });
    expect(spentBy(known.live)).toEqual({ usage: { input: 4, output: 6, cached: 2 }, costUsd: 0.5 });
    expect(known.came.map(({ tokens, costUsd }) => [tokens, costUsd])).toEqual([
      [3, 0],
      [7, 0.5],
    ]);
  });

  it('costs the run nothing as long as it repeats a trial, but counts against the limits where that is resumed', async () => {
    const spent: number[] = [];
    const account = { ...openAccount({}), spend: (costUsd: number) => void spent.push(costUsd) };
    const parts = { account };
    const decisions = [used(1, 1, 1), used(2, 2, 2)];
    const forked = await goThrough({ parts, inherits: { steps: 1, counts: false } }, ...decisions);
    expect(forked.came.map(({ tokens }) => tokens)).toEqual([0, 4]);
    expect(spent).toEqual([2]);
    const resumed = await goThrough({ parts, inherits: { steps: 1, counts: true } }, ...decisions);
    expect(resumed.came.map(({ tokens }) => tokens)).toEqual([2, 4]);
    expect(spent).toEqual([2, 2]);
  });

  it.each([
    [
      { tokens: 10 },
      { ...bash('a'), model: 'm', costUsd: 1 },
      /limit of 10 tokens can’t be kept: the endpoint does not say/,
    ],
    [{ cost_usd: 2 }, { ...used(1, 2), model: 'm' }, /limit of \$2 can’t be kept: no price of m is known/],
  ])('can’t go on where it does not tell what a limit is on: %o', async (limits, decision, reason) => {
    const trial = made({ limits });
    await expect(decided(trial, decision)).rejects.toMatchObject({
      code: 'limit-unkept',
      message: expect.stringMatching(reason),
    });
    expect(trial.of('agent.decided')).toHaveLength(1);
  });

  it('is not asked for where nothing is left to pay for it, nor waited for where no request is under way', async () => {
    const spent = openAccount({ maxCostUsd: 1, spentUsd: 1 });
    await expect(decided(made({ parts: { account: spent } }), submit())).rejects.toBe(spent.closed.reason);
    const account = openAccount({ maxCostUsd: 1 });
    const trial = made({ parts: { account } });
    trial.live.sandbox = trial.sandbox;
    trial.live.session = { decide: () => new Promise(() => {}), close: async () => {} };
    await openTools(trial.live, signal);
    const never = decide(trial.live, signal);
    account.spend(1);
    await expect(never).rejects.toMatchObject({ code: 'budget-spent' });
  });

  it('is waited for where its request is under way as the budget is spent, and is recorded and counted', async () => {
    const account = openAccount({ maxCostUsd: 1 });
    const trial = made({ parts: { account } });
    trial.live.sandbox = trial.sandbox;
    trial.live.session = {
      async decide(_, { reserve }) {
        const settle = await reserve?.();
        account.spend(1);
        settle?.(0.5);
        return used(1, 2, 0.5);
      },
      close: async () => {},
    };
    await openTools(trial.live, signal);
    expect(await decide(trial.live, signal)).toMatchObject({ own: true, costUsd: 0.5 });
    expect(spentBy(trial.live).costUsd).toBe(0.5);
  });

  it('is recorded with the agent’s own time and what the harness waited for the endpoint apart', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const pass = (ms: number) => void vi.advanceTimersByTime(ms);
    const trial = made({ limits: { seconds: 60 } });
    trial.live.sandbox = trial.sandbox;
    trial.live.session = {
      async decide(_, { waiting }) {
        const goOn = waiting?.();
        pass(20_000);
        goOn?.();
        pass(3_000);
        return bash('a');
      },
      close: async () => {},
    };
    await openTools(trial.live, signal);
    await decide(trial.live, signal);
    vi.useRealTimers();
    expect(trial.of('agent.decided')).toMatchObject([{ durationMs: 3_000, waitedMs: 20_000 }]);
  });

  it('is made while the probes of the step before still look', async () => {
    const milestones = '\n[[milestones]]\nname = "made"\ncommand = "test -s made"\n';
    let answer = () => {};
    const looking = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const sandbox = fakeSandbox(async (_, __, { as }) =>
      as === 'harness' ? void (await looking) : undefined,
    );
    const trial = await decided(
      made({
        sandbox,
        task: { 'proctor.toml': `environment = "shell"${milestones}[verify]\nby = "answer"\nexact = "x"` },
      }),
      bash('a'),
      bash('b'),
    );
    await act(trial.live, signal);
    await observe(trial.live, true);
    await decide(trial.live, signal);
    expect(trial.of('step.finished')).toEqual([]);
    answer();
    await act(trial.live, signal);
    expect(trial.of('step.finished')).toMatchObject([{ step: 0 }]);
    expect(trial.of('milestone.checked')).toMatchObject([{ step: 0, name: 'made', held: true }]);
  });
});
