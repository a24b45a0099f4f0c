import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { ProctorError } from '../../src/errors.ts';
import type { Inheritance } from '../../src/orchestrator/plan.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { runTrials } from '../run-trials.ts';
import { fakeProvider, fakeSandbox } from './fake-sandbox.ts';

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

const answersDone = 'environment = "shell"\n[verify]\nby = "answer"\nexact = "done"\n';
