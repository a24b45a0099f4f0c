import { join, resolve } from 'node:path';
import type { JsonObject } from '../schema/json.ts';
import type { Limits } from '../schema/limits.ts';
import { newRunId } from '../trace/run-file.ts';
import { type ModelSettings, makeAgent, modelSettings, parametersOf } from './agent.ts';
import { executeRun } from './execute-run.ts';
import type { SandboxChoice } from './provider.ts';
import { printReport, reportOf, requireEnd, requireGates, requireReadable, whereNext } from './result.ts';
import { type Selection, selectTrials } from './selection.ts';
import { type ImageFlags, imageOptions } from './task.ts';

interface RunFlags extends ImageFlags {
  agent: string[];
  attempts: number;
  concurrency?: number;
  sandbox: SandboxChoice;
  runtime?: string;
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
  param: string[];
  prices?: string;
  environments: string[];
  tasks: string[];
  log?: string;
}

/** `proctor run`: runs agents on tasks, records and scores every step, and reports. */
export async function run(paths: string[], flags: RunFlags): Promise<void> {
  const runId = newRunId(new Date());
  const concurrency = flags.concurrency ?? 4;
  const model = modelSettings({
    parameters: parametersOf(flags.param),
    ...(flags.prices && { prices: flags.prices }),
  });
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const agentIds = flags.agent.length > 0 ? flags.agent : defaultAgents();
  const agents = agentIds.map((id) => makeAgent(id, model));
  const selection = await selectTrials({
    paths,
    agents,
    ...flags,
    poolSize: flags.dryRun ? 0 : concurrency,
    runId,
    say,
  });
  if (flags.dryRun) {
    list(selection);
    return selection.provider.close();
  }
  await runSelected(selection, { runId, concurrency, model, flags });
}

async function runSelected(
  selection: Selection,
  plan: { runId: string; concurrency: number; model: ModelSettings; flags: RunFlags },
): Promise<void> {
  const { runId, concurrency, model, flags } = plan;
  const { run, dir } = await executeRun({
    run: runId,
    dir: join(flags.out, runId),
    trials: selection.trials,
    skipped: selection.skipped,
    provider: selection.provider,
    quiet: selection.agents.some(({ id }) => id === 'human'),
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
      ...(flags.prices !== undefined && { prices: resolve(flags.prices) }),
      environments: flags.environments.map((folder) => resolve(folder)),
      ...imageOptions(flags),
    },
  });
  const report = reportOf(run, dir);
  printReport(report, { json: flags.json, heading: `sandbox: ${selection.sandboxNote}` });
  if (!flags.json) process.stdout.write(`\n${whereNext(dir, report)}`);
  requireReadable(report);
  requireEnd(run, dir);
  requireGates(report, flags);
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
  for (const { task, reason } of selection.skipped) process.stdout.write(`${task}\tskipped: ${reason}\n`);
}
