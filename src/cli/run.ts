import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { JsonObject } from '../schema/json.ts';
import type { Limits } from '../schema/limits.ts';
import { newRunId } from '../trace/run-file.ts';
import { agentForms, type ModelSettings, makeAgent, modelSettings } from './agent.ts';
import { executeRun } from './execute-run.ts';
import {
  collect,
  environmentsOption,
  imageMapOption,
  logOption,
  numberBetween,
  outOption,
  paramOption,
  pricesOption,
  runtimeOption,
  sandboxOption,
  tasksOption,
  wholeNumber,
  withPytestOption,
} from './option.ts';
import { parametersOf } from './parameter.ts';
import type { SandboxChoice } from './provider.ts';
import { printReport, reportOf, requireEnd, requireGates, whereNext } from './result.ts';
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

/** `proctor run`: setups agents at tasks, records and marks every step, and reports. */
export function runCommand(): Command {
  const any = Number.POSITIVE_INFINITY;
  return new Command('run')
    .description('Run agents on tasks: record everything, mark every step, report.')
    .argument('<path...>', 'task folders, suite folders, or names of suites')
    .option('-a, --agent <id>', `${agentForms} (repeatable)`, collect, [])
    .option('-n, --attempts <n>', 'attempts per task and agent', wholeNumber(1), 1)
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1))
    .addOption(sandboxOption())
    .addOption(runtimeOption())
    .option('-t, --tag <tag>', 'only tasks with this tag (repeatable: any of them)', collect, [])
    .option('--limit <n>', 'only the first n tasks', wholeNumber(1))
    .option('--dry-run', 'list what would run, and stop')
    .addOption(outOption())
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .option('--seed <text>', 'seed of the run', '0')
    .option('--retries <n>', 'how often an infrastructure error is tried again', wholeNumber(0), 0)
    .option('--max-steps <n>', 'decisions per trial', wholeNumber(1))
    .option('--max-seconds <s>', 'wall time per trial', numberBetween(0.001, any))
    .option('--max-tokens <n>', 'model tokens per trial', wholeNumber(1))
    .option('--max-trial-cost <usd>', 'model cost per trial', numberBetween(0.000001, any))
    .option('--max-cost <usd>', 'model cost of the whole run', numberBetween(0.000001, any))
    .option('--fail-under <share>', 'exit 1 where mean completion is lower', numberBetween(0, 1))
    .option('--max-severity <level>', 'exit 1 where a finding is more severe', numberBetween(0, 6))
    .addOption(paramOption())
    .addOption(pricesOption())
    .addOption(imageMapOption())
    .addOption(withPytestOption())
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption())
    .action((paths: string[], flags: RunFlags) => run(paths, flags));
}

async function run(paths: string[], flags: RunFlags): Promise<void> {
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
