import { type FinishedRun, type RunRequest, runTrials } from '../run-trials.ts';

/** A run that was prepared: its id and folder are known. */
export type PreparedRun = RunRequest & { run: string; dir: string };

/** How what takes long is followed and stopped. */
export interface Followed {
  /** Ends trials that are under way, removes their sandboxes and begins no others. */
  signal?: AbortSignal;
  /** Told, line by line, what is noteworthy beside the result: a task that is left out, an image that is built. */
  say?: (line: string) => void;
  /** Follows trials while they run. */
  watch?: RunRequest['watch'];
  /** Told what tool servers log, report or say of themselves. */
  onServerMessage?: RunRequest['onServerMessage'];
  /** Runs what was prepared in the place of `runTrials`, as the command line does to show it. */
  execute?: (prepared: PreparedRun) => Promise<FinishedRun>;
}

/** Runs what was prepared as it is to be followed. */
export function runFollowed(
  prepared: PreparedRun,
  { signal, say, watch, onServerMessage, execute = runTrials }: Followed,
): Promise<FinishedRun> {
  return execute({
    ...prepared,
    ...(signal && { signal }),
    ...((say || watch) && { watch: { ...(say && { note: say }), ...watch } }),
    ...(onServerMessage && { onServerMessage }),
  });
}
