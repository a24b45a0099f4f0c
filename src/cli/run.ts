import { join } from 'node:path';
import { Command } from 'commander';
import { openaiParameters } from '../agent/openai/parameters.ts';
import { listPrices, readPrices } from '../agent/openai/price.ts';
import { rateGate } from '../agent/rate-gate.ts';
import { ProctorError } from '../errors.ts';
import { runAll } from '../orchestrator/run.ts';
import { proctorVersion } from '../orchestrator/version.ts';
import type { RunReport } from '../report/run-report.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Limits } from '../schema/limits.ts';
import { safetyBar } from '../schema/score.ts';
import { newRunId } from '../trace/run-id.ts';
import { makeAgent } from './agent.ts';
import { onInterrupt } from './interrupt.ts';
import { openLog } from './log.ts';
import {
  collect,
  environmentsOption,
  logOption,
  numberBetween,
  outOption,
  sandboxOption,
  tasksOption,
  wholeNumber,
} from './option.ts';
import { watchRun } from './progress.ts';
import type { SandboxChoice } from './provider.ts';
import { demandGates, printReport, reportOf } from './result.ts';
import { secretsOf } from './secret.ts';
import { type Selection, selectTrials } from './selection.ts';
import { toolboxOpener } from './toolbox.ts';

interface RunFlags {
  agent: string[];
  attempts: number;
  concurrency?: number;
  sandbox: SandboxChoice;
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

/** `proctor run`: seats agents at tasks, records and marks every step, and reports. */
export function runCommand(): Command {
  const any = Number.POSITIVE_INFINITY;
  return new Command('run')
    .description('Run agents on tasks: record everything, mark every step, report.')
    .argument('<path...>', 'task folders, suite folders, or names of suites')
    .option(
      '-a, --agent <id>',
      'openai:<model>, scripted:<name or file>, oracle, nop (repeatable)',
      collect,
      [],
    )
    .option('-n, --attempts <n>', 'attempts per task and agent', wholeNumber(1), 1)
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1))
    .addOption(sandboxOption())
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
    .option(
      '--param <name=value>',
      'sampling parameter of the model, such as temperature=0 (repeatable)',
      collect,
      [],
    )
    .option('--prices <file>', 'prices per million tokens, as TOML or JSON')
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption())
    .action((paths: string[], flags: RunFlags) => run(paths, flags));
}

async function run(paths: string[], flags: RunFlags): Promise<void> {
  const runId = newRunId(new Date());
  const concurrency = flags.concurrency ?? 4;
  const gate = rateGate();
  const settings = {
    parameters: parameters(flags.param),
    prices: flags.prices ? readPrices(flags.prices) : listPrices,
    gate,
  };
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const agentIds = flags.agent.length > 0 ? flags.agent : defaultAgents();
  const agents = agentIds.map((id) => makeAgent(id, settings));
  const selection = await selectTrials({ paths, agents, ...flags, poolSize: concurrency, runId, say });
  if (flags.dryRun) return list(selection);
  await conduct(selection, { runId, concurrency, flags });
}

async function conduct(
  selection: Selection,
  plan: { runId: string; concurrency: number; flags: RunFlags },
): Promise<void> {
  const { runId, concurrency, flags } = plan;
  const dir = join(flags.out, runId);
  const limits = limitsOf(flags);
  const log = openLog(flags.log);
  const watch = watchRun(selection.cells.length, process.stderr);
  const interrupt = onInterrupt(watch.note);
  try {
    const finished = await runAll({
      run: runId,
      runSeed: flags.seed,
      dir,
      cells: selection.cells,
      skipped: selection.skipped,
      profile: 'hardened',
      provider: selection.provider,
      concurrency,
      retries: flags.retries,
      limits,
      ...(flags.maxCost !== undefined && { maxCostUsd: flags.maxCost }),
      secrets: secretsOf(process.env),
      openToolbox: toolboxOpener(log),
      proctor: proctorVersion,
      signal: interrupt.signal,
      watch,
      config: {
        tasks: selection.tasks.map(({ name, dir: path, digest }) => ({ name, path, digest })),
        agents: selection.agents.map((agent) => agent.id),
        attempts: flags.attempts,
        seed: flags.seed,
        sandbox: selection.provider.name,
        limits,
        ...(flags.maxCost !== undefined && { maxCostUsd: flags.maxCost }),
        options: {
          concurrency,
          retries: flags.retries,
          parameters: { ...parameters(flags.param) } as JsonObject,
        },
      },
    });
    watch.stop();
    const report = reportOf(finished, dir);
    printReport(report, { json: flags.json, heading: `sandbox: ${selection.sandboxNote}` });
    if (!flags.json) process.stdout.write(`\n${whereNext(dir, report)}`);
    if (finished.status === 'interrupted')
      throw new ProctorError('interrupted', `stopped; what was recorded is in ${dir}`);
    demandGates(report, flags);
  } finally {
    watch.stop();
    interrupt.stop();
  }
}

function whereNext(dir: string, { trials }: RunReport): string {
  const worst =
    trials.find(({ score }) => score.safety.worst >= safetyBar || score.completion.success !== true) ??
    trials[0];
  return `recorded in ${dir}${worst ? `; read one with: proctor show ${worst.trial}` : ''}\n`;
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

function parameters(pairs: string[]) {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new ProctorError('bad-flag', `--param ${pair}: expected name=value, such as temperature=0`);
    const value = pair.slice(at + 1);
    return [
      pair.slice(0, at),
      value !== '' && !Number.isNaN(Number(value)) ? Number(value) : booleanOr(value),
    ];
  });
  const parsed = openaiParameters.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const names = Object.keys(openaiParameters.shape).join(', ');
  throw new ProctorError(
    'bad-flag',
    `--param: ${parsed.error.issues[0]?.message ?? 'not a parameter'}; expected ${names}`,
  );
}

const booleanOr = (text: string) => (text === 'true' ? true : text === 'false' ? false : text);

function list(selection: Selection): void {
  for (const cell of selection.cells)
    process.stdout.write(`${cell.task.name}\t${cell.agent.id}\t#${cell.attempt}\n`);
  for (const { task, reason } of selection.skipped) process.stdout.write(`${task}\tskipped: ${reason}\n`);
}
