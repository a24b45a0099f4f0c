import { type FinishedRun, type RunRequest, runTrials as run } from '../src/run-trials.ts';
import type { SandboxProvider } from '../src/sandbox/sandbox.ts';

export interface Trials extends RunRequest {
  provider: SandboxProvider;
  /** Where the run is recorded. */
  dir: string;
}

/** Runs trials as `proctor run` does, two at a time under the id `r`, with no secrets but those that are named. */
export function runTrials(trials: Trials): Promise<FinishedRun> {
  return run({ run: 'r', concurrency: 2, secrets: {}, ...trials });
}
