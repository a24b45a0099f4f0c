import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import { scriptedAgent } from '../../src/agent/scripted.ts';
import { environmentOf } from '../../src/environment/room-of-task.ts';
import { runAll } from '../../src/orchestrator/run.ts';
import type { TrialCell } from '../../src/orchestrator/trial-plan.ts';
import type { Comparison } from '../../src/replay/compare.ts';
import type { Rejudged } from '../../src/replay/recorded-judge.ts';
import { openRecording, type Recording, type Reloaded, reload } from '../../src/replay/recording.ts';
import { compareReplay, replayCell } from '../../src/replay/replay.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { Run } from '../../src/schema/run.ts';
import type { Script } from '../../src/schema/task.ts';
import { loadTask } from '../../src/task/load.ts';
import type { Task } from '../../src/task/task.ts';
import { openToolbox } from '../../src/tool/open-toolbox.ts';
import { folderOf } from '../folder.ts';

export interface MadeTask {
  /** Scripts by agent; `reference` is the oracle's. */
  scripts: Record<string, Script>;
  proctor?: string;
  policy?: string;
}

const verified = `
[verify]
by = "answer"
exact = "done"
`;

/** A task of the shell environment that asks for the answer "done". */
export function taskOf({ scripts, proctor = '', policy }: MadeTask): Task {
  const agents = Object.entries(scripts).map(([name, script]) => [
    `agents/${name}.json`,
    JSON.stringify(script),
  ]);
  const dir = folderOf({
    'task.toml': '[task]\nname = "test/made"\n',
    'instruction.md': 'Do it, and answer done.',
    'proctor.toml': `environment = "shell"\n${proctor}\n${verified}`,
    ...(policy !== undefined && { 'policy.toml': policy }),
    ...Object.fromEntries(agents),
  });
  return loadTask(dir, 'test/made');
}

export const submit = { tool: 'submit', arguments: { answer: 'done' } };
export const bash = (command: string) => ({ tool: 'bash', arguments: { command } });

/** Runs trials in a folder that is gone when the test is over. */
export async function conduct(cells: TrialCell[], provider: SandboxProvider = embeddedProvider()) {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-replay-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const config: Run['config'] = {
    tasks: [],
    agents: [],
    attempts: 1,
    seed: '0',
    sandbox: provider.name,
    limits: {},
    options: {},
  };
  const run = await runAll({
    run: 'r',
    runSeed: '0',
    dir,
    cells,
    skipped: [],
    profile: 'hardened',
    provider,
    concurrency: 2,
    retries: 0,
    limits: {},
    secrets: {},
    proctor: '0.0.0',
    signal: new AbortController().signal,
    watch: { note: () => {}, event: () => {}, ended: () => {} },
    openToolbox: ({ plan, sandbox, signal, notify }) =>
      openToolbox({
        environment: plan.environment,
        ...(sandbox && { sandbox }),
        seed: plan.seed,
        clock: plan.clock,
        data: plan.data,
        signal,
        captureBytes: 1 << 20,
        notify,
      }),
    config,
  });
  return { dir, run, traceOf: (trial: string) => join(dir, trial) };
}

export interface Recorded {
  dir: string;
  recording: Recording;
  reloaded: Reloaded;
  provider: SandboxProvider;
}

/** Records one trial of an agent, a script's name where it is a text. */
export async function record(
  task: Task,
  agent: string | Agent,
  provider: SandboxProvider = embeddedProvider(),
  environments: string[] = [],
): Promise<Recorded> {
  const played = typeof agent === 'string' ? scriptedAgent(agent) : agent;
  const cell = {
    trial: 't1',
    attempt: 1,
    task,
    environment: environmentOf(task, { roots: environments }),
    agent: played,
  };
  const { traceOf } = await conduct([cell], provider);
  return reopened(traceOf('t1'), provider, environments);
}

/** Opens a recorded trace again, as after an edit. */
export function reopened(
  dir: string,
  provider: SandboxProvider = embeddedProvider(),
  environments: string[] = [],
): Recorded {
  const recording = openRecording(dir, {});
  return { dir, recording, reloaded: reload(recording, { tasks: [], environments }), provider };
}

/** Replays a recording and compares; `times` one after the other. */
export async function replay(
  { recording, reloaded, provider }: Recorded,
  times = 1,
): Promise<(Comparison & { rejudged: Rejudged[] })[]> {
  const comparisons: (Comparison & { rejudged: Rejudged[] })[] = [];
  for (let time = 1; time <= times; time++) {
    const rejudged: Rejudged[] = [];
    const cell = replayCell(recording, reloaded, {
      id: `replay${time}`,
      attempt: time,
      rejudged: (difference) => void rejudged.push(difference),
    });
    const { traceOf } = await conduct([cell], provider);
    comparisons.push({ ...compareReplay(recording, reloaded, traceOf(cell.trial), {}), rejudged });
  }
  return comparisons;
}
