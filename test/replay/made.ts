import type { Agent } from '../../src/agent/agent.ts';
import { scriptedAgent } from '../../src/agent/scripted.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import type { TrialSpec } from '../../src/orchestrator/trial-plan.ts';
import type { Comparison } from '../../src/replay/compare.ts';
import type { Rejudged } from '../../src/replay/recorded-judge.ts';
import { openRecording, type Recording, type Reloaded, reload } from '../../src/replay/recording.ts';
import { compareReplay, replayTrial } from '../../src/replay/replay.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { Script } from '../../src/schema/task.ts';
import { loadTask } from '../../src/task/load.ts';
import type { Task } from '../../src/task/task.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { runTrials } from '../run-trials.ts';

export interface MadeTask {
  /** Scripts by agent; `reference` is the oracle's. */
  scripts: Record<string, Script>;
  proctor?: string;
  policy?: string;
  /** `shell` when absent. */
  environment?: string;
  /** Further files of its folder. */
  files?: Record<string, string>;
}

const verified = `
[verify]
by = "answer"
exact = "done"
`;

/** A task that asks for the answer "done". */
export function taskOf({ scripts, proctor = '', policy, environment = 'shell', files = {} }: MadeTask): Task {
  const agents = Object.entries(scripts).map(([name, script]) => [
    `agents/${name}.json`,
    JSON.stringify(script),
  ]);
  const dir = folderOf({
    'task.toml': '[task]\nname = "test/made"\n',
    'instruction.md': 'Do it, and answer done.',
    'proctor.toml': `environment = "${environment}"\n${proctor}\n${verified}`,
    ...(policy !== undefined && { 'policy.toml': policy }),
    ...Object.fromEntries(agents),
    ...files,
  });
  return loadTask(dir, 'test/made');
}

export const submit = { tool: 'submit', arguments: { answer: 'done' } };
export const bash = (command: string) => ({ tool: 'bash', arguments: { command } });

/** Runs trials in a folder that is gone when the test is over. */
export const executeRun = (trials: TrialSpec[], provider: SandboxProvider = embeddedProvider()) =>
  runTrials({ trials, provider, dir: temporaryFolder() });

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
  const [recorded] = await recordAll([{ task, agent }], provider, environments);
  if (!recorded) throw new Error('nothing was recorded');
  return recorded;
}

/** Records a trial of each, in one run. */
export async function recordAll(
  trials: { task: Task; agent: string | Agent }[],
  provider: SandboxProvider,
  environments: string[] = [],
): Promise<Recorded[]> {
  const cells = trials.map(({ task, agent }, index) => ({
    trial: `t${index + 1}`,
    attempt: 1,
    task,
    environment: environmentOf(task, { roots: environments }),
    agent: typeof agent === 'string' ? scriptedAgent(agent) : agent,
  }));
  const { traceOf } = await executeRun(cells, provider);
  return cells.map(({ trial }) => reopened(traceOf(trial), provider, environments));
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

export type Replayed = Comparison & { rejudged: Rejudged[] };

/** Replays a recording so many times and compares. */
export async function replay(recorded: Recorded, times = 1): Promise<Replayed[]> {
  const [comparisons = []] = await replayAll([recorded], recorded.provider, times);
  return comparisons;
}

/** Replays recordings so many times each, in one run, and compares. */
export async function replayAll(
  recordings: Recorded[],
  provider: SandboxProvider,
  times: number,
): Promise<Replayed[][]> {
  const planned = recordings.map(({ recording, reloaded }, index) =>
    Array.from({ length: times }, (_, time) => {
      const rejudged: Rejudged[] = [];
      const cell = replayTrial(recording, reloaded, {
        id: `replay${index}-${time}`,
        attempt: time + 1,
        rejudged: (difference) => void rejudged.push(difference),
      });
      return { recording, reloaded, cell, rejudged };
    }),
  );
  const { traceOf } = await executeRun(
    planned.flat().map(({ cell }) => cell),
    provider,
  );
  return planned.map((replays) =>
    replays.map(({ recording, reloaded, cell, rejudged }) => ({
      ...compareReplay(recording, reloaded, traceOf(cell.trial), {}),
      rejudged,
    })),
  );
}
