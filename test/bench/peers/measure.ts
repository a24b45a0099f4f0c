import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { floorTrials } from './floor.ts';
import type { Harness } from './harness.ts';
import { filesBelow, type Logged, sizeOf } from './log.ts';
import { startWatchedModel } from './model.ts';
import { watchProcess } from './watched-process.ts';

/** What one of those that are compared took; every list has a value per call or per round. */
export interface Measured {
  name: string;
  /** Milliseconds of a call: from the model's answer to the next request. */
  calls: number[];
  /** Milliseconds for which a trial holds its place: set-up, calls, verification, teardown. */
  trials: number[];
  /** Milliseconds of all trials of a round, from the start of the program to its end. */
  rounds: number[];
  /** Milliseconds from the start of the program to the first request of a trial. */
  starts: number[];
  peakMb: number[];
  /** Bytes that stayed on disk, of all rounds. */
  bytes: number;
  logged: Logged[];
}

export const nothingYet = (name: string): Measured => ({
  ...{ name, calls: [], trials: [], rounds: [], starts: [], peakMb: [], bytes: 0, logged: [] },
});

interface Round {
  trials: number;
  concurrency: number;
  /** A folder of its own. */
  out: string;
  env: NodeJS.ProcessEnv;
}

/** Lets a harness do one round of trials, and adds what it took. */
export async function playRound(harness: Harness, { env, ...asked }: Round, into: Measured): Promise<void> {
  const log = join(asked.out, 'log');
  mkdirSync(log, { recursive: true });
  const model = await startWatchedModel();
  const [file, ...args] = harness.command({ ...asked, out: log });
  const own = { ...env, ...harness.env(model.url) };
  const begun = performance.now();
  const { code, output, ms, peakMb } = await watchProcess(file, args, { cwd: asked.out, env: own });
  await model.close();
  const [first = Number.NaN] = model.begun;
  if (code !== 0 || model.begun.length !== asked.trials) {
    const what = `exit code ${code} after ${model.begun.length} of ${asked.trials} trials`;
    throw new Error(`${harness.name}: ${what}\n${output.slice(-2000)}`);
  }
  into.calls.push(...model.steps);
  into.trials.push(((begun + ms - first) * asked.concurrency) / asked.trials);
  into.rounds.push(ms);
  into.starts.push(first - begun);
  into.peakMb.push(peakMb);
  into.bytes += filesBelow(log).reduce((sum, path) => sum + sizeOf(path), 0);
  into.logged.push(...(await harness.logged(log, env)));
}

/** The same by the engine alone. */
export async function playFloor(
  image: string,
  { trials, concurrency }: Pick<Round, 'trials' | 'concurrency'>,
  into: Measured,
): Promise<void> {
  const { calls, whole, ms } = await floorTrials(image, trials, concurrency);
  into.calls.push(...calls);
  into.trials.push(...whole);
  into.rounds.push(ms);
}
