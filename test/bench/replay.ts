import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrialSpec } from '../../src/orchestrator/trial-plan.ts';
import { openRecording, type Recording, type Reloaded, reload } from '../../src/replay/recording.ts';
import { compareReplay, replayTrial } from '../../src/replay/replay.ts';
import { stopTrial } from '../../src/replay/stop.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { runTrials } from '../run-trials.ts';
import { commandAgent, commandNumber } from './command.ts';
import type { Figure } from './figure.ts';
import { startBare } from './floor/container.ts';
import { bareShell } from './floor/resident-shell.ts';
import { benchTask, setupOf } from './trials.ts';

const rounds = 3;
/** Of the recorded trial, the last one being its submission. */
const steps = 50;
/** The step after which someone wants to stand inside. */
const stopAfter = 40;

interface Recorded {
  recording: Recording;
  reloaded: Reloaded;
}

interface Measured {
  /** Commands executed in a second, once the container was there. */
  perSecond: number;
  /** From the request until the commands up to the stop were done in a fresh container. */
  arrivedMs: number;
}

/** How fast recorded steps are executed again, and how long it takes until one stands inside, against the bare commands. */
export async function measureReplay(makeProvider: () => SandboxProvider, image: string): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const [ours, floor]: [Measured[], Measured[]] = [[], []];
  try {
    const recorded = await record(join(dir, 'recorded'), makeProvider());
    for (let round = 0; round < rounds; round++) {
      floor.push(await bareCommands(image));
      ours.push({
        perSecond: await replayed(recorded, join(dir, `replay-${round}`), makeProvider()),
        arrivedMs: await arrived(recorded, join(dir, `stop-${round}`), makeProvider()),
      });
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  const figure = (name: string, unit: Figure['unit'], of: (measured: Measured) => number): Figure => {
    return { name, unit, ours: ours.map(of), floor: floor.map(of) };
  };
  return [
    figure(
      `replay of ${steps} steps with probes, to the same commands in a bare shell`,
      'steps/s',
      ({ perSecond }) => perSecond,
    ),
    figure(`inside after step ${stopAfter} of ${steps}`, 'ms', ({ arrivedMs }) => arrivedMs),
  ];
}

/** Runs one trial in the folder. */
async function runOne(
  dir: string,
  provider: SandboxProvider,
  cell: TrialSpec,
  event?: (event: TraceEvent) => void,
) {
  const watch = { note: () => {}, event: (_: unknown, one: TraceEvent) => event?.(one), ended: () => {} };
  const { traceOf } = await runTrials({ trials: [cell], provider, dir, watch });
  return traceOf(cell.trial);
}

async function record(dir: string, provider: SandboxProvider): Promise<Recorded> {
  const agent = commandAgent(steps - 1);
  const cell = { trial: 'recorded', attempt: 1, ...setupOf(benchTask('calls')), agent };
  const recording = openRecording(await runOne(dir, provider, cell), {});
  return { recording, reloaded: reload(recording, { tasks: [], environments: [] }) };
}

/** Steps per second, from the first decision to the end of the last step. */
async function replayed(
  { recording, reloaded }: Recorded,
  dir: string,
  provider: SandboxProvider,
): Promise<number> {
  let [begun, ended] = [0, 0];
  const cell = replayTrial(recording, reloaded, { id: 'replayed', attempt: 1, rejudged: () => {} });
  const trace = await runOne(dir, provider, cell, ({ type }) => {
    if (type === 'agent.decided') begun ||= performance.now();
    if (type === 'step.finished') ended = performance.now();
  });
  const { verdict, difference } = compareReplay(recording, reloaded, trace, {});
  if (verdict === 'diverged') throw new Error(`the replay diverged: ${JSON.stringify(difference)}`);
  return perSecond(steps, ended - begun);
}

/** Milliseconds until a shell could be opened. */
async function arrived(
  { recording, reloaded }: Recorded,
  dir: string,
  provider: SandboxProvider,
): Promise<number> {
  const begun = performance.now();
  let there = Number.NaN;
  const stop = {
    trial: 'stopped',
    steps: stopAfter + 1,
    arrived: async () => {
      there = performance.now();
    },
  };
  await runOne(dir, provider, stopTrial(recording, reloaded, stop));
  return there - begun;
}

/** The same commands in a bare container by a bare shell. */
async function bareCommands(image: string): Promise<Measured> {
  const requested = performance.now();
  const { container, remove } = await startBare(image);
  try {
    const shell = await bareShell(container);
    const begun = performance.now();
    let arrivedMs = Number.NaN;
    for (let step = 0; step < steps - 1; step++) {
      await shell.run(commandNumber(step));
      if (step === stopAfter) arrivedMs = performance.now() - requested;
    }
    const ended = performance.now();
    shell.close();
    return { perSecond: perSecond(steps - 1, ended - begun), arrivedMs };
  } finally {
    await remove();
  }
}

const perSecond = (count: number, ms: number) => (count / ms) * 1000;
