import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent, DecideOptions } from '../../src/agent/agent.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { ProctorError } from '../../src/errors.ts';
import type { Inheritance } from '../../src/orchestrator/plan.ts';
import { plannedIn } from '../../src/schema/run.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { runTrials } from '../run-trials.ts';
import { fakeProvider, fakeSandbox } from './fake-sandbox.ts';
import { submit } from './live.ts';

const failing = (code: 'diverged' | 'model-unavailable') => () =>
  Promise.reject(new ProctorError(code, code));

describe('a resumed trial that comes out otherwise than recorded', () => {
  it('starts over under its own agent, also where it is tried again after that', async () => {
    const files = { 'instruction.md': 'Do it.', 'task.toml': '', 'proctor.toml': answersDone };
    const task = loadTask(folderOf(files), 'made/task');
    const session = { close: async () => {} };
    const repeats = { id: 'made', open: async () => ({ ...session, decide: failing('diverged') }) };
    let asked = 0;
    const own = {
      id: 'made',
      open: async () => ({
        ...session,
        decide: async () => {
          asked += 1;
          if (asked === 1) return failing('model-unavailable')();
          return { calls: [], stop: 'done' as const };
        },
      }),
    };
    const inherits: Inheritance = {
      seed: 's',
      clock: '2026-01-15T09:00:00.000Z',
      canaries: [],
      limits: {},
      steps: 1,
      counts: true,
      judge: (today) => today,
      toolbox: (open) => open,
      startsOver: own,
    };
    const { run, dir } = await runTrials({
      dir: temporaryFolder(),
      provider: fakeProvider(fakeSandbox()),
      retries: 1,
      trials: [
        {
          trial: 't',
          attempt: 1,
          task,
          agent: repeats,
          environment: environmentOf(task),
          inherits,
          resumes: 'x',
        },
      ],
    });
    expect(run.trials.map(({ trial, outcome }) => [trial, outcome])).toEqual([
      ['t', 'diverged'],
      ['t-0', 'infrastructure-error'],
      ['t-1', 'gave-up'],
    ]);
    expect(existsSync(join(dir, 't-1', 'trace.jsonl'))).toBe(true);
  });
});

describe('a trial under way that is aborted', () => {
  it.each([
    [new ProctorError('store-failed', 'the store is full'), 'infrastructure-error'],
    [new ProctorError('interrupted', 'Ctrl-C'), 'aborted'],
    [undefined, 'aborted'],
  ])('for the reason %s ends as %s', async (reason, outcome) => {
    const files = { 'instruction.md': 'Do it.', 'task.toml': '', 'proctor.toml': answersDone };
    const task = loadTask(folderOf(files), 'made/task');
    const aborting = new AbortController();
    const decide = (_: unknown, { signal }: DecideOptions) => {
      const cut = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
      aborting.abort(reason);
      return cut;
    };
    const agent: Agent = { id: 'made', open: async () => ({ decide, close: async () => {} }) };
    const { run } = await runTrials({
      dir: temporaryFolder(),
      provider: fakeProvider(fakeSandbox()),
      retries: 1,
      signal: aborting.signal,
      trials: [{ task, agent, environment: environmentOf(task), attempt: 1, trial: 't' }],
    });
    expect(run.trials.map((entry) => entry.outcome)).toEqual([outcome]);
  });
});

describe('a run with a budget', () => {
  const trials = (agent: Agent, limits = '') => {
    const files = { 'instruction.md': 'Do it.', 'task.toml': '', 'proctor.toml': `${answersDone}${limits}` };
    const task = loadTask(folderOf(files), 'made/task');
    const cell = { task, agent, environment: environmentOf(task) };
    return [1, 2, 3].map((attempt) => ({ ...cell, attempt, trial: `t${attempt}` }));
  };
  const sessions =
    (opened: string[]) =>
    async ({ trial }: { trial: string }) => {
      opened.push(trial);
      return { decide: async () => ({ ...submit(), costUsd: 2 }), close: async () => {} };
    };

  it('leaves unrun what it can’t pay for, and says why it ended', async () => {
    const opened: string[] = [];
    const { run } = await runTrials({
      dir: temporaryFolder(),
      provider: fakeProvider(fakeSandbox()),
      concurrency: 1,
      maxCostUsd: 3,
      trials: trials({ id: 'made', open: sessions(opened) }),
    });
    expect(opened).toEqual(['t1', 't2']);
    expect(run.trials.map(({ status, outcome }) => outcome ?? status)).toEqual([
      'submitted',
      'submitted',
      'waiting',
    ]);
    expect(run.stopped).toEqual({
      code: 'budget-spent',
      message: 'the run’s budget of $3.00 is spent',
    });
    expect(plannedIn(run).notRun.map(({ trial }) => trial)).toEqual(['t3']);
  });

  it('that was spent before it goes on opens and prepares nothing', async () => {
    const provider = fakeProvider(fakeSandbox());
    const nothing = () => Promise.reject(new Error('nothing is opened'));
    const parts = { dir: temporaryFolder(), maxCostUsd: 3, trials: trials({ id: 'made', open: nothing }) };
    const first = await runTrials({ ...parts, provider, maxCostUsd: 0.1, trials: [] });
    const { run } = await runTrials({
      ...parts,
      provider: { ...provider, prepare: nothing, open: nothing, reap: nothing },
      resumed: { run: first.run, spentUsd: 3 },
    });
    expect(run.stopped?.code).toBe('budget-spent');
  });

  it.each([
    ['for the run', { maxCostUsd: 3 }, '', /the budget of \$3 for the run can’t be kept for made/],
    [
      'of the task',
      {},
      '[limits]\ncost_usd = 1\n',
      /the limit on the cost of a trial can’t be kept for made/,
    ],
  ])(
    'or limit %s that can’t be kept is refused before anything is opened',
    async (_, more, limits, reason) => {
      const agent = { id: 'made', unpriced: 'm', open: () => Promise.reject(new Error('nothing is opened')) };
      const provider = fakeProvider(fakeSandbox());
      const run = runTrials({ dir: temporaryFolder(), provider, trials: trials(agent, limits), ...more });
      await expect(run).rejects.toThrow(reason);
    },
  );

  it('ends where a request does not say what it cost, with nothing scored for it', async () => {
    const decide = async (_: unknown, { reserve, signal }: DecideOptions) => {
      (await reserve?.())?.(undefined);
      signal.throwIfAborted();
      return submit();
    };
    const agent = { id: 'made', open: async () => ({ decide, close: async () => {} }) };
    const provider = fakeProvider(fakeSandbox());
    const parts = { dir: temporaryFolder(), provider, concurrency: 1, maxCostUsd: 3, trials: trials(agent) };
    const { run } = await runTrials(parts);
    expect(run.trials.map(({ status, outcome }) => outcome ?? status)).toEqual([
      'aborted',
      'waiting',
      'waiting',
    ]);
    expect(run.stopped?.code).toBe('limit-unkept');
  });
});

const answersDone = 'environment = "shell"\n[verify]\nby = "answer"\nexact = "done"\n';
