import { join, resolve } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Limits } from '../schema/limits.ts';
import { newRunId } from '../trace/run-file.ts';
import { makeAgent, modelOptions, modelSettings } from './agent.ts';
import { choicePlanOf, choiceWarnings } from './choice-plan.ts';
import { openChooser } from './chooser.ts';
import { type Followed, runFollowed } from './followed.ts';
import { listOf } from './list.ts';
import { type ModelOptions, modelFlags, parametersIn } from './model-options.ts';
import { type RunResult, resultOf } from './run-report.ts';
import { type Selection, type SetupOptions, selectTrials, setupFlags } from './selection.ts';
import { imageOptions } from './task.ts';

/** What a suite is run with. Only `agent` has no default; the rest are the flags of `proctor run`, by the same names. */
export interface SuiteOptions extends SetupOptions, ModelOptions, Followed {
  /** Agents, or their ids, such as `oracle`, `openai:gpt-4.1` or `./agent.ts`. */
  agent: Agent | string | readonly (Agent | string)[];
  /** Trials of each agent at each task; 1 when absent. */
  attempts?: number;
  /** Trials at the same time; 4 when absent. */
  concurrency?: number;
  /** Only tasks with one of these tags. */
  tag?: string | readonly string[];
  /** At most this many tasks. */
  limit?: number;
  /** Instances of each task that has a `generate.ts`, in its place, by seeds that follow from `seed`. */
  instances?: number;
  /** The instances of these seeds. */
  instanceSeed?: string | readonly string[];
  /** Instances by the private seed that the suite's `suite.toml` names, 1 of each task or as many `instances`; each trial is counted. */
  private?: boolean;
  /** Changes of their form, such as `wording,keys:2`; of the published content where no instances are asked for. */
  perturb?: string;
  /**
   * Runs generated tasks as they are published too, beside as many `instances` in the usual form, and the published content as
   * `perturb` says, so that `contamination` can compare them.
   */
  contrast?: boolean;
  /** How often a trial that failed through no fault of its agent is run again; 0 when absent. */
  retries?: number;
  /** `0` when absent; a trial's own seed is made of it, the task and the attempt. */
  seed?: string;
  /** Folder of recorded runs; `traces` when absent. */
  out?: string;
  maxSteps?: number;
  maxSeconds?: number;
  maxTokens?: number;
  /** US dollars that the model calls of one trial may cost. */
  maxTrialCost?: number;
  /** US dollars that those of all trials may cost. */
  maxCost?: number;
  /** File that `calibrate` wrote: only the tasks are run that tell most, and the whole suite is estimated. */
  adaptive?: string;
  /** With `adaptive`: draws tasks by lot from groups of the same difficulty instead. */
  stratified?: boolean;
  /** With `adaptive`: ends where the standard error of an agent's ability is as small, in logits. */
  se?: number;
  /** With `adaptive`: tasks per agent. */
  maxTasks?: number;
}

/** A run of tasks, scored. */
export interface SuiteResult extends RunResult {
  /** Where sandboxes ran, and why there. */
  sandbox: string;
}

/**
 * Runs agents on tasks and suites, named by folder or name; records and scores every step. Trials that fail are results; one that was
 * stopped says so in `record.status`. Throws `not-found`, `bad-file` or `bad-flag` where there is nothing to run, and what a
 * sandbox or endpoint fails with before the first trial.
 */
export async function runSuite(
  paths: string | readonly string[],
  options: SuiteOptions,
): Promise<SuiteResult> {
  const run = newRunId(new Date());
  const { concurrency = 4, retries = 0, seed = '0', out = 'traces', maxCost } = options;
  const { trials, skipped, provider, sandboxNote } = await selectSuite(paths, options, {
    run,
    poolSize: concurrency,
  });
  const choices = choicePlanOf(trials, { ...options, attempts: options.attempts ?? 1, seed });
  if (choices) for (const line of choiceWarnings(choices)) options.say?.(line);
  const dir = join(out, run);
  const finished = await runFollowed(
    {
      ...(choices && { chooser: openChooser({ dir, recorded: { plan: choices, past: [] }, trials }) }),
      ...{ run, dir, trials, skipped, provider, seed, concurrency, retries },
      limits: limitsOf(options),
      ...(maxCost !== undefined && { maxCostUsd: maxCost }),
      options: keptOptions(options, concurrency, retries),
    },
    options,
  );
  return { ...resultOf(finished), sandbox: sandboxNote };
}

/** The trials that the run of a suite would have, and where they would take place. Throws as `runSuite` does. */
export function selectSuite(
  paths: string | readonly string[],
  options: SuiteOptions,
  {
    run = newRunId(new Date()),
    poolSize = 0,
    dryRun = false,
  }: { run?: string; poolSize?: number; dryRun?: boolean } = {},
): Promise<Selection> {
  const { attempts = 1, tag, limit, seed = '0', instances, instanceSeed, perturb, contrast } = options;
  const { say = () => {} } = options;
  const settings = modelSettings(modelFlags(options), parametersIn(options));
  const agents = listOf(options.agent).map((agent) =>
    typeof agent === 'string' ? makeAgent(agent, settings) : agent,
  );
  return selectTrials({
    ...setupFlags(options),
    ...{ paths: listOf(paths), agents, attempts, tag: listOf(tag), runId: run, poolSize, dryRun, say },
    ...{ seed, instanceSeed: listOf(instanceSeed), perturb },
    ...(limit !== undefined && { limit }),
    ...(instances !== undefined && { instances }),
    ...(contrast !== undefined && { contrast }),
    ...(options.private && { private: true }),
  });
}

/** What `run.json` keeps, so that the run can be resumed. */
function keptOptions(options: SuiteOptions, concurrency: number, retries: number): JsonObject {
  const { environments, ...setup } = setupFlags(options);
  return {
    concurrency,
    retries,
    parameters: { ...parametersOf(options) } as JsonObject,
    ...modelOptions(modelFlags(options)),
    environments: environments.map((folder) => resolve(folder)),
    ...imageOptions(setup),
  };
}

/** Those of the model's file, too. */
const parametersOf = (options: SuiteOptions) =>
  modelSettings(modelFlags(options), parametersIn(options)).parameters;

function limitsOf({ maxSteps, maxSeconds, maxTokens, maxTrialCost }: SuiteOptions): Limits {
  return {
    ...(maxSteps !== undefined && { steps: maxSteps }),
    ...(maxSeconds !== undefined && { seconds: maxSeconds }),
    ...(maxTokens !== undefined && { tokens: maxTokens }),
    ...(maxTrialCost !== undefined && { cost_usd: maxTrialCost }),
  };
}
