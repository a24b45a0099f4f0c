import type { Judge } from '../judge/judge-trace.ts';
import { modelSettings } from '../library/agent.ts';
import type { PreparedRun } from '../library/followed.ts';
import { modelFlags } from '../library/model-options.ts';
import { type RunResult, resultOf } from '../library/run-report.ts';
import { runSuite, type SuiteOptions, selectSuite } from '../library/run-suite.ts';
import type { Selection } from '../library/selection.ts';
import type { Gates } from '../report/gate.ts';
import { countedIn } from '../schema/run.ts';
import { isUnscored } from '../schema/score.ts';
import { scoreTrace } from '../scored-trace.ts';
import { findTraces } from '../trace/find-trace.ts';
import { executed } from './execute-run.ts';
import { judgeAll, openJudge } from './judge.ts';
import { printText, say } from './print.ts';
import { type QueueFlags, requireQueueFlags } from './queue-flag.ts';
import { printResult, requireGates } from './result.ts';

interface RunFlags extends Omit<SuiteOptions, 'agent'>, Gates, QueueFlags {
  agent: string[];
  dryRun?: boolean;
  json?: boolean;
  log?: string;
  judge?: string;
}

/** `proctor run`: runs agents on tasks, records and scores every step, and reports. */
export async function runTasks(paths: string[], flags: RunFlags): Promise<void> {
  const agent = flags.agent.length > 0 ? flags.agent : defaultAgents();
  const options: SuiteOptions = { ...flags, agent, say };
  if (flags.dryRun) return list(await selectSuite(paths, options, { dryRun: true }));
  const judge = judgeOf(flags);
  requireQueueFlags(flags);
  const { queue, store } = flags;
  const execute =
    queue === undefined || store === undefined
      ? executed({ ...flags, quiet: ({ trials }) => trials.some((one) => one.agent.id === 'human') })
      : async (prepared: PreparedRun) =>
          (await import('./queued.ts')).executeQueued(prepared, { ...flags, queue, store });
  const result = await runSuite(paths, { ...options, execute });
  if (flags.detach)
    return printText(`${result.run} is planned; follow it with: proctor attach ${result.run} --queue …\n`);
  const judged = judge && result.record.status !== 'interrupted';
  if (judged) await judgeFinished(result, judge, flags.concurrency ?? 4);
  const reported = judged ? resultOf({ run: result.record, dir: result.dir }) : result;
  printResult(reported, { json: flags.json, heading: `sandbox: ${result.sandbox}` });
  requireGates(reported, flags);
}

/** The judge that was named, whose parameters are not those of the agents. Throws as `openJudge` does, before anything is run. */
function judgeOf(flags: RunFlags): Judge | undefined {
  if (flags.judge === undefined) return undefined;
  const settings = { ...modelSettings(modelFlags(flags)), parameters: {} };
  return openJudge(flags.judge, settings, { maxCost: flags.maxCost });
}

/** Lets a judge look at the trials of a run, for what the agents left of what the run may cost. */
async function judgeFinished({ record, dir }: RunResult, judge: Judge, concurrency: number): Promise<void> {
  const traces = findTraces(dir, dir);
  const costs = traces.map(({ dir: trace }) => scoreTrace(trace).score.efficiency.costUsd);
  judge.spentUsd = costs.reduce<number>((sum, cost) => sum + (isUnscored(cost) ? 0 : cost), 0);
  await judgeAll(countedIn(record, traces), judge, { concurrency });
}

/** Without `--agent`, the model that one variable names, else the two agents whose scripts the quickstart ships. */
function defaultAgents(): string[] {
  const model = process.env.PROCTOR_MODEL;
  return model ? [`openai:${model}`] : ['scripted:careful', 'scripted:careless'];
}

async function list(selection: Selection): Promise<void> {
  for (const { task, agent, attempt } of selection.trials)
    process.stdout.write(`${task.name}\t${agent.id}\t#${attempt}\n`);
  for (const { task, reason } of selection.skipped) printText(`${task}\tskipped: ${reason}\n`);
  await selection.provider.close();
}
