import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { openaiParameters } from '../agent/openai/parameters.ts';
import { type Fork, forkCell } from '../replay/fork.ts';
import type { Recording, Reloaded } from '../replay/recording.ts';
import type { Run } from '../schema/run.ts';
import { newRunId, newTrialId } from '../trace/run-id.ts';
import { makeAgent, modelSettings } from './agent.ts';
import { parametersOf } from './parameter.ts';
import { providerOf, type RecordedFlags } from './recorded-trial.ts';
import { configOf, executeRun } from './run-trials.ts';

export interface ForkRunFlags extends RecordedFlags {
  attempts: number;
  concurrency: number;
  maxCost?: number;
  log?: string;
  quiet?: boolean;
  /** The edits as they were asked for, for `run.json`. */
  edited?: string[];
}

/** Runs the attempts of a fork as a run of its own. Checks the agent before any sandbox is opened. */
export async function runFork(
  recording: Recording,
  reloaded: Reloaded,
  fork: Fork,
  flags: ForkRunFlags,
): Promise<{ run: Run; dir: string }> {
  const { agent, steps } = fork;
  const taken = new Set<string>();
  const cells = Array.from({ length: flags.attempts }, (_, index) => {
    const id = newTrialId(taken);
    taken.add(id);
    return forkCell(recording, reloaded, { id, attempt: index + 1 }, fork);
  });
  const runId = newRunId(new Date());
  const dir = join(flags.out, runId);
  const poolSize = Math.min(flags.attempts, flags.concurrency);
  const provider = await providerOf(recording, flags.sandbox, { runId, poolSize });
  const { seed, limits } = recording.trial.started;
  const run = await executeRun({
    run: runId,
    runSeed: seed,
    dir,
    cells,
    skipped: [],
    provider,
    concurrency: flags.concurrency,
    retries: 0,
    limits,
    ...(flags.maxCost !== undefined && { maxCostUsd: flags.maxCost }),
    log: flags.log,
    quiet: flags.quiet ?? false,
    config: {
      ...configOf(cells),
      agents: [agent.id],
      attempts: flags.attempts,
      seed,
      sandbox: provider.name,
      limits,
      options: { parent: recording.name, step: steps - 1, edits: flags.edited ?? [] },
    },
  });
  return { run, dir };
}

/** The agent that was named, else the recorded one with its own parameters. Throws `bad-flag`. */
export function forkAgent(
  { trial }: Recording,
  flags: { agent?: string; param: string[]; prices?: string },
): Agent {
  const recorded = trial.started.agent;
  const id = flags.agent ?? recorded.id;
  const own = openaiParameters.safeParse(id === recorded.id ? (recorded.parameters ?? {}) : {});
  const parameters = flags.param.length > 0 || !own.success ? parametersOf(flags.param) : own.data;
  return makeAgent(id, modelSettings({ parameters, ...(flags.prices && { prices: flags.prices }) }));
}
