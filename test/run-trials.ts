import { join } from 'node:path';
import pino from 'pino';
import { toolboxOpener } from '../src/cli/toolbox.ts';
import { type RunParts, runAll } from '../src/orchestrator/run.ts';
import type { TrialSpec } from '../src/orchestrator/trial-plan.ts';
import type { SandboxProvider } from '../src/sandbox/sandbox.ts';
import type { Run } from '../src/schema/run.ts';

export interface Trials extends Partial<Pick<RunParts, 'run' | 'secrets' | 'watch' | 'retries'>> {
  cells: TrialSpec[];
  provider: SandboxProvider;
  /** Where the run is recorded. */
  dir: string;
  concurrency?: number;
}

/** Runs trials as `proctor run` does, unwatched unless told otherwise; gives the run and where each trial is recorded. */
export async function runTrials({ cells, provider, dir, ...given }: Trials): Promise<{
  run: Run;
  traceOf(trial: string): string;
}> {
  const run = await runAll({
    run: 'r',
    runSeed: '0',
    dir,
    cells,
    skipped: [],
    provider,
    concurrency: 2,
    retries: 0,
    limits: {},
    secrets: {},
    proctor: '0.0.0',
    signal: new AbortController().signal,
    watch: { note: () => {}, event: () => {}, ended: () => {} },
    openToolbox: toolboxOpener(pino({ level: 'silent' })),
    config: {
      tasks: [],
      agents: [],
      attempts: 1,
      seed: '0',
      sandbox: provider.name,
      limits: {},
      options: {},
    },
    ...given,
  });
  return { run, traceOf: (trial) => join(dir, trial) };
}
