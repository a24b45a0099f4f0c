import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../../src/agent/agent.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { TrialScore } from '../../src/schema/score.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { findTasks } from '../../src/task/find.ts';
import type { Task } from '../../src/task/task.ts';
import { runTrials } from '../run-trials.ts';

/** Lets agents play a suite of the package; gives the scores by task and agent. */
export async function play(
  suite: string,
  agents: Agent[],
  provider: SandboxProvider,
  wanted: (task: Task) => boolean = () => true,
): Promise<Record<string, Record<string, TrialScore>>> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-suite-'));
  const tasks = findTasks([suite]).filter(wanted);
  const trials = tasks.flatMap((task) =>
    agents.map((agent) => ({
      task,
      agent,
      environment: environmentOf(task),
      attempt: 1,
      trial: `${task.name}-${agent.id}`.replace(/[^a-z0-9-]/g, '-'),
    })),
  );
  try {
    const { traceOf } = await runTrials({ dir, trials, provider, concurrency: 4 });
    const scores: Record<string, Record<string, TrialScore>> = {};
    for (const { task, agent, trial } of trials) {
      scores[task.name] = { ...scores[task.name], [agent.id]: scoreTrace(traceOf(trial)).score };
    }
    return scores;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
