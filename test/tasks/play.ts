import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../../src/agent/agent.ts';
import { environmentOf } from '../../src/environment/room-of-task.ts';
import { runAll } from '../../src/orchestrator/run.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { TrialScore } from '../../src/schema/score.ts';
import { scoreTrace } from '../../src/scoring/score-trace.ts';
import { findTasks } from '../../src/task/find.ts';
import { openToolbox } from '../../src/tool/open-toolbox.ts';

/** Lets agents play a suite of the package; gives the scores by task and agent. */
export async function play(
  suite: string,
  agents: Agent[],
  provider: SandboxProvider,
): Promise<Record<string, Record<string, TrialScore>>> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-suite-'));
  const tasks = findTasks([suite]);
  const cells = tasks.flatMap((task) =>
    agents.map((agent) => ({
      task,
      agent,
      environment: environmentOf(task),
      attempt: 1,
      trial: `${task.name}-${agent.id}`.replace(/[^a-z0-9-]/g, '-'),
    })),
  );
  try {
    await runAll({
      run: 'suite',
      runSeed: '0',
      dir,
      cells,
      skipped: [],
      profile: 'hardened',
      provider,
      concurrency: 4,
      retries: 0,
      limits: {},
      secrets: {},
      proctor: '0.0.0',
      signal: new AbortController().signal,
      watch: { note: () => {}, event: () => {}, ended: () => {} },
      openToolbox: ({ plan, sandbox, signal, notify }) =>
        openToolbox({
          environment: plan.environment,
          seed: plan.seed,
          clock: plan.clock,
          data: plan.data,
          ...(sandbox && { sandbox }),
          signal,
          captureBytes: 1 << 20,
          notify,
        }),
      config: {
        tasks: tasks.map(({ name, dir: path, digest }) => ({ name, path, digest })),
        environments: [],
        agents: agents.map(({ id }) => id),
        attempts: 1,
        seed: '0',
        sandbox: provider.name,
        limits: {},
        options: {},
      },
    });
    const scores: Record<string, Record<string, TrialScore>> = {};
    for (const { task, agent, trial } of cells) {
      scores[task.name] = { ...scores[task.name], [agent.id]: scoreTrace(join(dir, trial)).score };
    }
    return scores;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
