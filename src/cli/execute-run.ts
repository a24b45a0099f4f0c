import { dirname } from 'node:path';
import type { PreparedRun } from '../library/followed.ts';
import { type FinishedRun, type RunRequest, runTrials, secretsOf } from '../run-trials.ts';
import { makeFolder } from './folder.ts';
import { onInterrupt } from './interrupt.ts';
import { loggedWatch, openRunLog, serverLog } from './log.ts';
import { noteOnly, watchRun } from './progress.ts';

export interface CommandRun extends Omit<RunRequest, 'secrets' | 'signal' | 'watch'> {
  run: string;
  dir: string;
  /** File of the program's own log; `log.jsonl` in the run's folder where absent. */
  log?: string | undefined;
  /** Says nothing of how far it has come, and leaves the terminal to others. */
  quiet?: boolean;
}

/**
 * Runs trials as every command does: shown on stderr while they run, stopped cleanly by Ctrl-C, secrets kept out of traces.
 * Throws `bad-flag` where the run's folder can't be made.
 */
export async function executeRun({ log: file, quiet, ...request }: CommandRun): Promise<FinishedRun> {
  const { dir } = request;
  makeFolder(`--out ${dirname(dir)}`, dirname(dir));
  const secrets = secretsOf(
    process.env,
    request.trials.map(({ environment }) => environment),
  );
  const log = openRunLog(dir, file, secrets);
  const watch = quiet
    ? noteOnly(process.stderr)
    : watchRun(request.chooser?.most ?? request.trials.length, process.stderr);
  const interrupt = onInterrupt(watch.note);
  try {
    return await runTrials({
      ...request,
      secrets,
      signal: interrupt.signal,
      watch: loggedWatch(watch, log),
      onServerMessage: serverLog(log),
    });
  } finally {
    watch.stop();
    interrupt.stop();
  }
}

/** How the command line runs what a function of the library has prepared; `quiet` may depend on that. */
export function executed({
  log,
  quiet = () => false,
}: {
  log?: string | undefined;
  quiet?: (prepared: PreparedRun) => boolean;
}): (prepared: PreparedRun) => Promise<FinishedRun> {
  return (prepared) => executeRun({ ...prepared, log, quiet: quiet(prepared) });
}
