import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { recordedParameters } from '../agent/model/parameters.ts';
import { programOf } from '../agent/program-arguments.ts';
import { ProctorError } from '../errors.ts';
import { readEdits } from '../replay/edit.ts';
import { type Fork, forkTrial } from '../replay/fork.ts';
import type { Recording } from '../replay/recording.ts';
import type { FinishedRun } from '../run-trials.ts';
import type { Json } from '../schema/json.ts';
import type { RunKind } from '../schema/run.ts';
import { newRunId, trialIds } from '../trace/run-file.ts';
import { type ModelFlags, makeAgent, modelSettings } from './agent.ts';
import { type Followed, runFollowed } from './followed.ts';
import { type ModelOptions, modelFlags, parametersIn } from './model-options.ts';
import {
  openRecordedTrial,
  providerOf,
  type RecordedOptions,
  type RecordedTrial,
  stepsOf,
} from './recorded-trial.ts';
import { type RunResult, resultOf } from './run-report.ts';

/** Who continues, and how the model of one is asked. */
export interface ForkAgentOptions extends ModelOptions, Pick<Followed, 'say'> {
  /** An agent or its id; the recorded one, asked as it was, when absent. */
  agent?: Agent | string;
}

/** How often, where, and for how much. */
export interface ForkRunOptions extends RecordedOptions, Followed {
  /** Forks; 1 when absent. */
  attempts?: number;
  /** Forks at the same time; 4 when absent. */
  concurrency?: number;
  /** US dollars that the model calls of all forks may cost. */
  maxCost?: number;
}

export interface ForkOptions extends ForkAgentOptions, ForkRunOptions {
  /** The last step that is taken over, from 0. One of `at` and `before` is needed. */
  at?: number;
  /** The first step that is not taken over. */
  before?: number;
  /** `message=TEXT`, `instruction=TEXT` or `observation:CALL=TEXT`: what the agent is told in the place of what really was. */
  edit?: string | readonly string[];
  /** Continues although what is taken over does not come out as recorded. */
  despiteDivergence?: boolean;
}

/** Forks of a recorded trial, scored. */
export interface ForkResult extends RunResult {
  /** `<run>/<trial>` of the recorded one. */
  parent: string;
  /** The last step that was taken over. */
  at: number;
}

/**
 * Repeats a recorded trial up to a step, and lets an agent continue from there; records and scores that as a run of its own. Nothing is
 * spent before. A fork whose beginning does not come out as recorded ends with the outcome `diverged`.
 * Throws `bad-flag` for a step that there is not, and what opening the record and the agent throw.
 */
export async function fork(reference: string, options: ForkOptions): Promise<ForkResult> {
  const { edit = [], despiteDivergence = false, say } = options;
  const recorded = openRecordedTrial(reference, options, say);
  const { recording } = recorded;
  const steps = stepsOf(recording, { to: options.at, before: options.before });
  if (steps === undefined)
    throw new ProctorError('bad-flag', 'name the step to fork at: --at K or --before K');
  const edited = typeof edit === 'string' ? [edit] : edit;
  const edits = readEdits(edited, recording, steps);
  const agent = forkAgent(recording, options);
  const finished = await runFork(
    recorded,
    { steps, agent, edits, despiteDivergence },
    { ...options, edited },
  );
  return { ...resultOf(finished), parent: recording.name, at: steps - 1 };
}

/** Runs the attempts of a fork as a run of its own. Checks the agent before any sandbox is opened. */
export async function runFork(
  { recording, reloaded }: RecordedTrial,
  fork: Fork,
  options: ForkRunOptions & { kind?: RunKind; edited?: readonly string[] },
): Promise<FinishedRun> {
  const { attempts = 1, concurrency = 4, out = 'traces', kind = 'trials', maxCost, edited = [] } = options;
  const nextId = trialIds();
  const trials = Array.from({ length: attempts }, (_, index) =>
    forkTrial(recording, reloaded, { id: nextId(), attempt: index + 1 }, fork),
  );
  const run = newRunId(new Date());
  const poolSize = Math.min(attempts, concurrency);
  const provider = await providerOf(recording, options.sandbox, { runId: run, poolSize });
  const { seed, limits } = recording.trial.started;
  return runFollowed(
    {
      ...{ kind, run, dir: join(out, run), trials, provider, concurrency, seed, limits },
      ...(maxCost !== undefined && { maxCostUsd: maxCost }),
      options: { parent: recording.name, step: fork.steps - 1, edits: [...edited] },
    },
    options,
  );
}

/** The agent that was named, else the recorded one with its own parameters. Throws `bad-flag`. */
export function forkAgent({ trial }: Recording, options: ForkAgentOptions): Agent {
  const recorded = trial.started.agent;
  const { agent = withModel(recorded.id, options.model) } = options;
  if (typeof agent !== 'string') return agent;
  const own = agent === recorded.id ? recorded.parameters : undefined;
  const { model = recorded.model } = options;
  const flags = { ...modelFlags(options), ...(agent.startsWith('inside:') && { model }) };
  const given = parametersIn(options);
  const parameters = Object.keys(given).length > 0 ? given : recordedParameters(own);
  const made = makeAgent(agent, modelSettings({ ...flags, ...recordedProgram(own, flags) }, parameters));
  if (agent === recorded.id && made.digest !== recorded.digest)
    options.say?.(`changed since it was recorded: agent ${agent}`);
  return made;
}

/** A recorded agent with another model, where its id names one. */
const withModel = (id: string, model: string | undefined) =>
  model === undefined ? id : id.replace(/^(inside:[a-z0-9][a-z0-9_-]*)@\S+$/, `$1@${model}`);

/** Where the recorded program was, and its arguments unless there are others. */
function recordedProgram(parameters: Json | undefined, { agentArg = [] }: ModelFlags): ModelFlags {
  const program = programOf(parameters);
  if (!program) return {};
  return { agentFolder: program.folder, agentArg: agentArg.length > 0 ? agentArg : program.pairs };
}
