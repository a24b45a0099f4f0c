import { dirname, join } from 'node:path';
import type { RepeatableTrial, TaskSetup } from '../check/checked-trial.ts';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { summaryOf } from '../replay/difference.ts';
import { openRecording, type Recording, type Reloaded, reload } from '../replay/recording.ts';
import { compareReplay, replayTrial } from '../replay/replay.ts';
import { secretsOf } from '../run-trials.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { isFile } from '../schema/author-folder.ts';
import { findTrace } from '../trace/find-trace.ts';
import { readRun, runFile } from '../trace/run-file.ts';
import { listOf } from './list.ts';
import { chooseProvider, type SandboxChoice } from './provider.ts';
import { asInRun } from './task.ts';

/** Where a recorded trial and what it was made with are found, and where it is executed again. */
export interface RecordedOptions {
  /** Folder of recorded runs; `traces` when absent. */
  out?: string;
  /** Other folders of suites. */
  tasks?: string | readonly string[];
  /** Other folders of environments. */
  environments?: string | readonly string[];
  /** Where the trial was recorded when absent. */
  sandbox?: SandboxChoice | SandboxProvider;
}

/** A recorded trial, and what it was made with as that is today. */
export interface RecordedTrial {
  recording: Recording;
  reloaded: Reloaded;
}

/** Finds a recorded trial and loads what it was made with; `say` is told what has changed. Throws `not-found`, `tampered-trace`, `bad-trace` or `bad-file`. */
export function openRecordedTrial(
  reference: string,
  { out = 'traces', tasks, environments }: RecordedOptions,
  say: (line: string) => void = () => {},
): RecordedTrial {
  const recording = openRecording(findTrace(reference, out).dir, secretsOf(process.env));
  const found = reload(recording, { tasks: listOf(tasks), environments: listOf(environments) });
  const run = dirname(recording.dir);
  const task = isFile(join(run, runFile)) ? asInRun(found.task, readRun(run).config.options) : found.task;
  const reloaded = { ...found, task };
  if (reloaded.changed.length > 0) say(`changed since it was recorded: ${reloaded.changed.join(', ')}`);
  return { recording, reloaded };
}

/** The provider that was asked for, else the one the trial was recorded on. */
export async function providerOf(
  { trial }: Recording,
  choice: SandboxChoice | SandboxProvider | undefined,
  options: { runId: string; poolSize: number; keep?: boolean },
): Promise<SandboxProvider> {
  return (await chooseProvider(choice ?? trial.opened[0]?.provider ?? 'embedded', options)).provider;
}

/** How many steps lie up to and with step `to`, or before step `before`; undefined where neither is given. Throws `bad-flag`. */
export function stepsOf(
  { trial, name }: Recording,
  { to, before }: { to?: number | undefined; before?: number | undefined },
): number | undefined {
  if (to === undefined && before === undefined) return undefined;
  if (to !== undefined && before !== undefined)
    throw new ProctorError('bad-flag', 'give one of a step to stop after and a step to stop before');
  const steps = to === undefined ? (before ?? 0) : to + 1;
  if (steps > trial.steps.length)
    throw new ProctorError(
      'bad-flag',
      `step ${to ?? before}: ${name} has ${several(trial.steps.length, 'step')}, numbered from 0`,
    );
  return steps;
}

/** What a check needs of replay: a trial it has just recorded, to be executed again with the same task and environment. */
export function repeatableTrial(dir: string, setup: TaskSetup): RepeatableTrial {
  const recording = openRecording(dir, {});
  const reloaded = { ...setup, changed: [] };
  return {
    trial: (id) => replayTrial(recording, reloaded, { id, attempt: 1, rejudged: () => {} }),
    differenceIn(again) {
      const { difference } = compareReplay(recording, reloaded, again, {});
      return difference && summaryOf(difference);
    },
  };
}
