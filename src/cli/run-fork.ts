import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { parametersOf, recordedParameters } from '../agent/model/parameters.ts';
import { programOf } from '../agent/program-arguments.ts';
import { type ModelFlags, makeAgent, modelSettings } from '../library/agent.ts';
import { providerOf, type RecordedFlags } from '../library/recorded-trial.ts';
import { type Fork, forkTrial } from '../replay/fork.ts';
import type { Recording, Reloaded } from '../replay/recording.ts';
import type { FinishedRun } from '../run-trials.ts';
import type { Json } from '../schema/json.ts';
import type { RunKind } from '../schema/run.ts';
import { newRunId, trialIds } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { say } from './print.ts';

/** Who continues, and how the model of one is asked. */
export interface ForkAgentFlags extends ModelFlags {
  agent?: string;
  param: string[];
}

export interface ForkRunFlags extends RecordedFlags, ForkAgentFlags {
  json?: boolean;
  attempts: number;
  concurrency: number;
  maxCost?: number;
  log?: string;
  quiet?: boolean;
  /** `trials` when absent. */
  kind?: RunKind;
  /** The edits as they were asked for, for `run.json`. */
  edited?: string[];
}

/** Runs the attempts of a fork as a run of its own. Checks the agent before any sandbox is opened. */
export async function runFork(
  recording: Recording,
  reloaded: Reloaded,
  fork: Fork,
  flags: ForkRunFlags,
): Promise<FinishedRun> {
  const nextId = trialIds();
  const trials = Array.from({ length: flags.attempts }, (_, index) =>
    forkTrial(recording, reloaded, { id: nextId(), attempt: index + 1 }, fork),
  );
  const runId = newRunId(new Date());
  const poolSize = Math.min(flags.attempts, flags.concurrency);
  const provider = await providerOf(recording, flags.sandbox, { runId, poolSize });
  const { seed, limits } = recording.trial.started;
  return executeRun({
    kind: flags.kind ?? 'trials',
    run: runId,
    dir: join(flags.out, runId),
    trials,
    provider,
    concurrency: flags.concurrency,
    seed,
    limits,
    ...(flags.maxCost !== undefined && { maxCostUsd: flags.maxCost }),
    log: flags.log,
    quiet: flags.quiet ?? false,
    options: { parent: recording.name, step: fork.steps - 1, edits: flags.edited ?? [] },
  });
}

/** The agent that was named, else the recorded one with its own parameters. Throws `bad-flag`. */
export function forkAgent({ trial }: Recording, flags: ForkAgentFlags): Agent {
  const recorded = trial.started.agent;
  const id = flags.agent ?? recorded.id;
  const own = id === recorded.id ? recorded.parameters : undefined;
  const parameters = flags.param.length > 0 ? parametersOf(flags.param) : recordedParameters(own);
  const agent = makeAgent(id, modelSettings({ ...flags, ...recordedFlags(own, flags) }, parameters));
  if (id === recorded.id && agent.digest !== recorded.digest)
    say(`changed since it was recorded: agent ${id}`);
  return agent;
}

/** Where the recorded program was, and its arguments unless there are others. */
function recordedFlags(parameters: Json | undefined, { agentArg = [] }: ForkAgentFlags): ModelFlags {
  const program = programOf(parameters);
  if (!program) return {};
  return { agentFolder: program.folder, agentArg: agentArg.length > 0 ? agentArg : program.pairs };
}
