import { join } from 'node:path';
import { humanAgent } from '../agent/human.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { ProctorError } from '../errors.ts';
import { openPrompter } from '../library/prompter.ts';
import { type RunSetup, type SetupFlags, setUpTasks } from '../library/selection.ts';
import { findTargets } from '../library/target.ts';
import { toolboxOpener } from '../run-trials.ts';
import { newRunId, newTrialId } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { promptInTrial } from './interactive-prompt.ts';
import { withInteractiveTrial } from './interactive-trial.ts';
import { openLog, serverLog } from './log.ts';
import { say } from './print.ts';
import { printFinished } from './result.ts';

interface OpenFlags extends SetupFlags {
  asAgent?: boolean;
  out: string;
}

/** `proctor open`: a fresh sandbox by hand, or a task done by a person. */
export async function open(target: string, flags: OpenFlags): Promise<void> {
  const run = newRunId(new Date());
  const setup = setupOf(target, flags);
  const place = await setUpTasks([setup], { ...flags, poolSize: 0, runId: run, say });
  const [skipped] = place.skipped;
  if (skipped) throw new ProctorError('unsupported', `${skipped.task}: ${skipped.reason}`);
  await (flags.asAgent ? recordPerson : workInteractively)(setup, place, run, flags);
}

function setupOf(target: string, flags: OpenFlags): TaskSetup {
  const { tasks, environments } = findTargets([target], flags);
  const [setup] = flags.asAgent || environments.length === 0 ? tasks : environments;
  if (!setup)
    throw new ProctorError('bad-flag', `--as-agent: expected a task, and ${target} is an environment`);
  if (tasks.length > 1 && tasks.includes(setup))
    throw new ProctorError('bad-flag', `${target}: expected one task, and there are ${tasks.length}`);
  return setup;
}

async function workInteractively(
  setup: TaskSetup,
  { provider, sandboxNote }: RunSetup,
  run: string,
  { log }: OpenFlags,
) {
  const terminal = openPrompter();
  const openToolbox = toolboxOpener(serverLog(openLog(log)));
  try {
    await withInteractiveTrial(
      setup,
      { run, trial: 'open', provider, openToolbox, say: terminal.say },
      async (trial, signal) => {
        terminal.say(`${setup.task.name} in ${setup.environment.name}, sandbox: ${sandboxNote}; try: help`);
        await promptInTrial(trial, terminal, signal);
      },
    );
  } finally {
    terminal.close();
  }
}

async function recordPerson(
  setup: TaskSetup,
  { provider, sandboxNote }: RunSetup,
  run: string,
  flags: OpenFlags,
) {
  const terminal = openPrompter();
  const trials = [{ ...setup, agent: humanAgent(terminal), attempt: 1, trial: newTrialId() }];
  try {
    const finished = await executeRun({
      run,
      dir: join(flags.out, run),
      trials,
      provider,
      log: flags.log,
      quiet: true,
    });
    printFinished(finished, { heading: `sandbox: ${sandboxNote}` });
  } finally {
    terminal.close();
  }
}
