import { join, resolve } from 'node:path';
import { parametersOf } from '../agent/model/parameters.ts';
import type { Judge } from '../judge/judge-trace.ts';
import {
  type ModelFlags,
  type ModelSettings,
  makeAgent,
  modelOptions,
  modelSettings,
} from '../library/agent.ts';
import type { InstanceFlags } from '../library/instance.ts';
import { type Selection, type SetupFlags, selectTrials } from '../library/selection.ts';
import { imageOptions } from '../library/task.ts';
import type { FinishedRun } from '../run-trials.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Limits } from '../schema/limits.ts';
import { countedIn } from '../schema/run.ts';
import { isUnscored } from '../schema/score.ts';
import { scoreTrace } from '../scored-trace.ts';
import { findTraces } from '../trace/find-trace.ts';
import { newRunId } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { judgeAll, openJudge } from './judge.ts';
import { printText, say } from './print.ts';
import { printFinished, requireGates } from './result.ts';

interface RunFlags extends SetupFlags, ModelFlags, InstanceFlags {
  agent: string[];
  attempts: number;
  concurrency?: number;
  tag: string[];
  limit?: number;
  dryRun?: boolean;
  out: string;
  json?: boolean;
  seed: string;
  retries: number;
  maxSteps?: number;
  maxSeconds?: number;
  maxTokens?: number;
  maxTrialCost?: number;
  maxCost?: number;
  failUnder?: number;
  maxSeverity?: number;
  allowUnscored?: boolean;
  param: string[];
  judge?: string;
}

/** `proctor run`: runs agents on tasks, records and scores every step, and reports. */
export async function run(paths: string[], flags: RunFlags): Promise<void> {
  const runId = newRunId(new Date());
  const concurrency = flags.concurrency ?? 4;
  const model = modelSettings(flags, parametersOf(flags.param));
  const agentIds = flags.agent.length > 0 ? flags.agent : defaultAgents();
  const agents = agentIds.map((id) => makeAgent(id, model));
  const { gate: _, ...settings } = { ...model, parameters: {} };
  const judge =
    flags.judge === undefined ? undefined : openJudge(flags.judge, settings, { maxCost: flags.maxCost });
  const poolSize = flags.dryRun ? 0 : concurrency;
  const selection = await selectTrials({ paths, agents, ...flags, poolSize, runId, say });
  if (flags.dryRun) {
    list(selection);
    return selection.provider.close();
  }
  await runSelected(selection, { runId, concurrency, model, judge, flags });
}

async function runSelected(
  selection: Selection,
  plan: {
    runId: string;
    concurrency: number;
    model: ModelSettings;
    judge: Judge | undefined;
    flags: RunFlags;
  },
): Promise<void> {
  const { runId, concurrency, model, judge, flags } = plan;
  const finished = await executeRun({
    run: runId,
    dir: join(flags.out, runId),
    trials: selection.trials,
    skipped: selection.skipped,
    provider: selection.provider,
    quiet: selection.trials.some(({ agent }) => agent.id === 'human'),
    seed: flags.seed,
    concurrency,
    retries: flags.retries,
    limits: limitsOf(flags),
    ...(flags.maxCost !== undefined && { maxCostUsd: flags.maxCost }),
    log: flags.log,
    options: {
      concurrency,
      retries: flags.retries,
      parameters: { ...model.parameters } as JsonObject,
      ...modelOptions(flags),
      environments: flags.environments.map((folder) => resolve(folder)),
      ...imageOptions(flags),
    },
  });
  if (judge && finished.run.status !== 'interrupted') await judgeFinished(finished, judge, concurrency);
  const heading = `sandbox: ${selection.sandboxNote}`;
  requireGates(printFinished(finished, { json: flags.json, heading }), flags);
}

/** Lets a judge look at the trials of a run, for what the agents left of what the run may cost. */
async function judgeFinished({ run, dir }: FinishedRun, judge: Judge, concurrency: number): Promise<void> {
  const traces = findTraces(dir, dir);
  const costs = traces.map(({ dir: trace }) => scoreTrace(trace).score.efficiency.costUsd);
  judge.spentUsd = costs.reduce<number>((sum, cost) => sum + (isUnscored(cost) ? 0 : cost), 0);
  await judgeAll(countedIn(run, traces), judge, { concurrency });
}

/** Without `--agent`, the model that one variable names, else the two agents whose scripts the quickstart ships. */
function defaultAgents(): string[] {
  const model = process.env.PROCTOR_MODEL;
  return model ? [`openai:${model}`] : ['scripted:careful', 'scripted:careless'];
}

function limitsOf(flags: RunFlags): Limits {
  return {
    ...(flags.maxSteps !== undefined && { steps: flags.maxSteps }),
    ...(flags.maxSeconds !== undefined && { seconds: flags.maxSeconds }),
    ...(flags.maxTokens !== undefined && { tokens: flags.maxTokens }),
    ...(flags.maxTrialCost !== undefined && { cost_usd: flags.maxTrialCost }),
  };
}

function list(selection: Selection): void {
  for (const { task, agent, attempt } of selection.trials)
    process.stdout.write(`${task.name}\t${agent.id}\t#${attempt}\n`);
  for (const { task, reason } of selection.skipped) printText(`${task}\tskipped: ${reason}\n`);
}
