import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import { inMemory } from '../../src/check/interactive-trial.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { openAccount } from '../../src/orchestrator/account.ts';
import { runTrial } from '../../src/orchestrator/trial.ts';
import { planTrial } from '../../src/orchestrator/trial-plan.ts';
import { loadTask } from '../../src/task/load.ts';
import { notCalled, type Toolbox } from '../../src/tool/toolbox.ts';
import { createRecorder } from '../../src/trace/recorder.ts';
import { folderOf } from '../folder.ts';
import { fakeProvider, fakeSandbox } from './fake-sandbox.ts';
import { bash, signal, submit } from './live.ts';

const files = {
  'instruction.md': 'Do it.',
  'task.toml': '',
  'proctor.toml': 'environment = "shell"\n[verify]\nby = "answer"\nexact = "done"\n',
};

const tools: Toolbox = {
  list: () => [],
  call: async () => ({ ...notCalled('tool', 'done'), isError: false }),
  state: async () => null,
  close: async () => {},
};

/** Runs attempts of this agent at one task as a run does, but records in memory alone. */
async function runInMemory(agent: Agent, attempts: number, run: { maxCostUsd: number; concurrency: number }) {
  const task = loadTask(folderOf(files), 'made/task');
  const environment = environmentOf(task);
  const provider = fakeProvider(fakeSandbox());
  const account = openAccount(run);
  let recordedUsd = 0;
  const queue = new PQueue({ concurrency: run.concurrency });
  await queue.addAll(
    Array.from({ length: attempts }, (_, index) => async () => {
      if (account.closed.aborted) return;
      const spec = { task, agent, environment, attempt: index + 1, trial: `t${index}` };
      const plan = planTrial(spec, { run: 'r', runSeed: '0', limits: {}, provider });
      const judge = { call: () => ({ verdict: 'allow' as const, matched: [], failed: [] }) };
      const recorder = createRecorder(inMemory);
      await runTrial(plan, { recorder, judge, openToolbox: async () => tools, signal, account });
      recordedUsd += recorder.trial.ended?.costUsd ?? 0;
    }),
  );
  return { recordedUsd, closed: account.closed.aborted };
}

/** A model whose answers take a moment and cost what chance says; keeps the bill of all that was asked of it. */
function seller(random: (from: number, to: number) => number) {
  const bill = { costUsd: 0, dearest: 0 };
  const agent: Agent = {
    id: 'seller',
    open: async () => ({
      async decide(_, { reserve = async () => () => {}, signal }) {
        const settle = await reserve();
        const costUsd = random(1, 100) / 100;
        bill.costUsd += costUsd;
        bill.dearest = Math.max(bill.dearest, costUsd);
        if (random(0, 2) > 0) await sleep(random(0, 2), undefined, { signal });
        settle(costUsd);
        return { ...(random(0, 4) === 0 ? submit() : bash('true')), costUsd, usage: { input: 1, output: 1 } };
      },
      close: async () => {},
    }),
  };
  return { agent, bill };
}

describe('the budget of a run', () => {
  it.each(Array.from({ length: 40 }, (_, index) => index))(
    'is overshot by at most one request per trial under way, in any of five runs by chance (%i)',
    async (seed) => {
      const generator = xoroshiro128plus(seed);
      const random = (from: number, to: number) => uniformInt(generator, from, to);
      for (let run = 0; run < 5; run += 1) {
        const { agent, bill } = seller(random);
        const maxCostUsd = random(1, 500) / 100;
        const concurrency = random(1, 4);
        const { closed, recordedUsd } = await runInMemory(agent, random(1, 6), { maxCostUsd, concurrency });
        expect(bill.costUsd).toBeLessThan(maxCostUsd + concurrency * bill.dearest);
        expect(closed).toBe(bill.costUsd >= maxCostUsd);
        expect(recordedUsd).toBeCloseTo(bill.costUsd, 6);
      }
    },
  );
});
