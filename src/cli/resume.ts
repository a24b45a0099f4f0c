import { environmentOf } from '../environment/environment-of-task.ts';
import { ProctorError } from '../errors.ts';
import { money, several } from '../format.ts';
import { makeAgent, modelSettings } from '../library/agent.ts';
import { openChooser } from '../library/chooser.ts';
import { chooseProvider } from '../library/provider.ts';
import { runOptions } from '../library/run-options.ts';
import { resultOf } from '../library/run-report.ts';
import { asInRun } from '../library/task.ts';
import type { Reloaded } from '../replay/recording.ts';
import { type Remainder, remainderOf } from '../replay/resume.ts';
import { secretsOf } from '../run-trials.ts';
import { processExists } from '../sandbox/process-owner.ts';
import { plannedIn, type Run } from '../schema/run.ts';
import { recordedFolder } from '../task/generate/made-folder.ts';
import { loadTask } from '../task/load.ts';
import { readChoices } from '../trace/choice-file.ts';
import { findRun } from '../trace/find-trace.ts';
import { readRun } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { say } from './print.ts';
import { printResult } from './result.ts';
import { choicesLeft, chosenLeft } from './resume-choices.ts';

interface ResumeFlags {
  out: string;
  maxCost?: number;
  json?: boolean;
  log?: string;
}

/** `proctor resume`: continues a run that was stopped or killed, as it was started. */
export const resumeRun = (reference: string, flags: ResumeFlags) => goOn(reference, flags, false);

/** `proctor retry`: runs again what is not scored in a run, as it was started. */
export const retryRun = (reference: string, flags: ResumeFlags) => goOn(reference, flags, true);

async function goOn(reference: string, flags: ResumeFlags, failedToo: boolean): Promise<void> {
  const dir = findRun(reference, flags.out);
  const run = readRun(dir);
  const options = runOptions.parse(run.config.options);
  requireResumable(run, options.parent);
  const setups = setupsOf(run, dir, options.environments);
  const settings = modelSettings(options, options.parameters);
  const agents = new Map(run.config.agents.map((id) => [id, makeAgent(id, settings)]));
  const remainder = remainderOf({ dir, run, setups, agents, secrets: secretsOf(process.env), failedToo });
  const recorded = readChoices(dir);
  const choices = recorded && choicesLeft({ recorded, remainder, setups, agents, maxCostUsd: flags.maxCost });
  const trials = choices ? [...(choices.left ?? []), ...choices.trials] : remainder.trials;
  const config = { ...run.config, ...(flags.maxCost !== undefined && { maxCostUsd: flags.maxCost }) };
  say(`${run.run}: ${choices ? chosenLeft(choices) : leftOf(remainder, config.maxCostUsd, failedToo)}`);
  const sandbox = config.sandbox === 'none' ? 'embedded' : config.sandbox;
  const { provider } = await chooseProvider(sandbox, { runId: run.run, poolSize: options.concurrency });
  const finished = await executeRun({
    run: run.run,
    dir,
    trials,
    ...(choices && { chooser: openChooser({ dir, ...choices }) }),
    skipped: run.skipped,
    provider,
    seed: config.seed,
    concurrency: options.concurrency,
    retries: options.retries,
    limits: config.limits,
    ...(config.maxCostUsd !== undefined && { maxCostUsd: config.maxCostUsd }),
    resumed: { run: { ...remainder.run, config }, spentUsd: remainder.spentUsd },
    log: flags.log,
  });
  printResult(resultOf(finished), {
    json: flags.json,
    heading: `run ${run.run}, ${failedToo ? 'retried' : 'resumed'}`,
  });
}

/** What there is to do, and what keeps it from being done. */
function leftOf(
  { run, trials, spentUsd }: Remainder,
  maxCostUsd: number | undefined,
  failedToo: boolean,
): string {
  const { planned } = plannedIn(run);
  if (trials.length === 0) {
    const failed = planned.filter(({ outcome }) => outcome === 'infrastructure-error').length;
    const hint =
      failed > 0 ? `; proctor retry ${run.run} runs ${several(failed, 'infrastructure error')} again` : '';
    return `nothing is left to ${failedToo ? 'retry' : 'resume'}${hint}`;
  }
  const left = `${trials.length} of ${several(planned.length, 'trial')} left`;
  if (maxCostUsd === undefined || spentUsd < maxCostUsd) return left;
  return `${left}, but the budget of ${money(maxCostUsd)} is spent (${money(spentUsd)}); raise it with --max-cost`;
}

function requireResumable(run: Run, parent: string | undefined): void {
  if (parent !== undefined)
    throw new ProctorError(
      'unsupported',
      `${run.run} goes on from ${parent}; replay or fork that again instead`,
    );
  if (run.status === 'running' && run.queue !== undefined)
    throw new ProctorError(
      'bad-flag',
      `${run.run} is made by workers of ${run.queue}; go on with: proctor attach ${run.run} --queue …`,
    );
  if (run.status === 'running' && run.pid !== process.pid && processExists(run.pid))
    throw new ProctorError('bad-flag', `${run.run} is still running, as process ${run.pid}`);
}

/** The tasks of a run with their environments, as they are today. Throws `bad-file` naming what has changed. */
function setupsOf({ run, config }: Run, dir: string, roots: string[]): Map<string, Reloaded> {
  const environments = new Map((config.environments ?? []).map(({ name, digest }) => [name, digest]));
  const changed: string[] = [];
  const setups = config.tasks.map(({ name, path, digest }): [string, Reloaded] => {
    const task = asInRun(loadTask(recordedFolder(path, dir), name), config.options);
    const environment = environmentOf(task, { roots });
    if (task.digest !== digest) changed.push(`task ${name} (${path})`);
    const recorded = environments.get(environment.name);
    if (recorded !== undefined && recorded !== environment.digest)
      changed.push(`environment ${environment.name}`);
    return [name, { task, environment, changed: [] }];
  });
  if (changed.length > 0)
    throw new ProctorError(
      'bad-file',
      `${run} can’t be resumed: ${[...new Set(changed)].join(', ')} changed since it was started`,
    );
  return new Map(setups);
}
