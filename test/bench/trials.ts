import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import type { Agent } from '../../src/agent/agent.ts';
import { toolboxOpener } from '../../src/cli/toolbox.ts';
import { environmentOf } from '../../src/environment/room-of-task.ts';
import { runAll } from '../../src/orchestrator/run.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { findTasks } from '../../src/task/find.ts';

export interface Trials {
  provider: SandboxProvider;
  /** A task folder. */
  task: string;
  agent: Agent;
  attempts: number;
  concurrency: number;
  /** Called with each event when it has been written. */
  event?(event: TraceEvent): void;
}

/** The folder of one of the bench's own tasks. */
export const benchTask = (name: string): string => fileURLToPath(new URL(`task/${name}`, import.meta.url));

/** Runs trials of one task as `proctor run` does, and throws unless each of them was submitted. */
export async function runTrials({ provider, task: path, agent, attempts, concurrency, event }: Trials) {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const [task] = findTasks([path]);
  if (!task) throw new Error(`no task at ${path}`);
  const environment = environmentOf(task);
  const failures: string[] = [];
  const cells = Array.from({ length: attempts }, (_, index) => {
    return { task, environment, agent, attempt: index + 1, trial: `t${index + 1}` };
  });
  try {
    await runAll({
      run: 'bench',
      runSeed: '0',
      dir,
      cells,
      provider,
      concurrency,
      skipped: [],
      retries: 0,
      limits: {},
      profile: 'hardened',
      secrets: { API_KEY: 'a-value-that-is-nowhere' },
      proctor: '0',
      signal: new AbortController().signal,
      openToolbox: toolboxOpener(pino({ level: 'silent' })),
      watch: {
        note: () => {},
        event: (_, written) => event?.(written),
        ended: (_, { outcome, error }) => {
          if (outcome !== 'submitted') failures.push(`${outcome}: ${error?.message ?? 'no error'}`);
        },
      },
      config: {
        tasks: [],
        agents: [agent.id],
        attempts,
        seed: '0',
        sandbox: provider.name,
        limits: {},
        options: {},
      },
    });
    if (failures[0] !== undefined) throw new Error(`a trial of ${path} ended as ${failures[0]}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
