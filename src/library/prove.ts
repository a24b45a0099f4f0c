import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckParts, TaskSetup } from '../check/checked-trial.ts';
import { ProctorError } from '../errors.ts';
import { newRunId } from '../trace/run-file.ts';
import type { Followed } from './followed.ts';
import { repeatableTrial } from './recorded-trial.ts';
import { type RunSetup, type SetupOptions, setUpTasks, setupFlags } from './selection.ts';

/** Where and how tasks are played that are looked into, and what follows it. */
export interface ProveOptions extends SetupOptions, Omit<Followed, 'execute' | 'watch'> {
  /** Trials at the same time; 4 when absent. */
  concurrency?: number;
  /** Folder that keeps the traces; none are kept when absent. */
  keep?: string;
  /** Follows that many trials. */
  watchTrials?: CheckParts['watch'];
}

/**
 * Has tasks played that are to be proved, and whatever comes of it, closes their sandboxes and leaves no traces that were not to be kept.
 * Throws `interrupted` where it was stopped; `what` names it.
 */
export async function prove<T>(
  targets: TaskSetup[],
  { what, times, ...options }: ProveOptions & { what: string; times: number },
  play: (setup: RunSetup, parts: CheckParts) => Promise<T>,
): Promise<T> {
  const run = newRunId(new Date());
  const { concurrency = 4, keep, say = () => {}, onServerMessage } = options;
  const { signal = new AbortController().signal, watchTrials: watch = () => ({ stop() {} }) } = options;
  const flags = { ...setupFlags(options), poolSize: concurrency, keepsThreads: true, runId: run, say };
  const setup = await setUpTasks(targets, flags);
  const { provider } = setup;
  const dir = keep ?? mkdtempSync(join(tmpdir(), `proctor-${what}-`));
  try {
    return await play(setup, {
      ...{ dir, run, provider, concurrency, times, signal, watch, openRecordedTrial: repeatableTrial },
      ...(onServerMessage && { onServerMessage }),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ProctorError('interrupted', `the ${what} was stopped`, { cause: error });
  } finally {
    await provider.close();
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}
