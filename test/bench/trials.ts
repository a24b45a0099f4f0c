import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Agent } from '../../src/agent/agent.ts';
import type { TaskSetup } from '../../src/check/checked-trial.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { findTasks } from '../../src/task/find.ts';
import { runTrials } from '../run-trials.ts';

export interface Played {
  provider: SandboxProvider;
  /** A task folder. */
  task: string;
  agent: Agent;
  attempts: number;
  concurrency: number;
  /** What is otherwise than in its files. */
  altered?(setup: TaskSetup): TaskSetup;
  /** Called with each event when it has been written. */
  event?(event: TraceEvent): void;
}

/** The folder of one of the bench's own tasks. */
export const benchTask = (name: string): string => fileURLToPath(new URL(`task/${name}`, import.meta.url));

/** Reads a task and its environment. */
export function setupOf(path: string): TaskSetup {
  const [task] = findTasks([path]);
  if (!task) throw new Error(`no task at ${path}`);
  return { task, environment: environmentOf(task) };
}

/** Runs trials of one task as `proctor run` does, and throws unless each of them was submitted. */
export async function playTask({
  provider,
  task: path,
  agent,
  attempts,
  concurrency,
  altered,
  event,
}: Played) {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const setup = setupOf(path);
  const { task, environment } = altered?.(setup) ?? setup;
  const failures: string[] = [];
  const trials = Array.from({ length: attempts }, (_, index) => {
    return { task, environment, agent, attempt: index + 1, trial: `t${index + 1}` };
  });
  try {
    await runTrials({
      run: 'bench',
      dir,
      trials,
      provider,
      concurrency,
      secrets: { API_KEY: 'a-value-that-is-nowhere' },
      watch: {
        note: () => {},
        event: (_, written) => event?.(written),
        ended: (_, { outcome, error }) => {
          if (outcome !== 'submitted') failures.push(`${outcome}: ${error?.message ?? 'no error'}`);
        },
      },
    });
    if (failures[0] !== undefined) throw new Error(`a trial of ${path} ended as ${failures[0]}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
