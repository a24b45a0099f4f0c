import { join } from 'node:path';
import { humanAgent } from '../agent/human.ts';
import { openSandbox, setUpOne } from '../library/open-sandbox.ts';
import { openPrompter } from '../library/prompter.ts';
import { resultOf } from '../library/run-report.ts';
import type { SetupOptions } from '../library/selection.ts';
import { newRunId, newTrialId } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { promptInTrial } from './interactive-prompt.ts';
import { withInteractiveTrial } from './interactive-trial.ts';
import { openLog, serverLog } from './log.ts';
import { say } from './print.ts';
import { printResult } from './result.ts';

interface OpenFlags extends SetupOptions {
  asAgent?: boolean;
  out: string;
  log?: string;
}

/** `proctor open`: a fresh sandbox by hand, or a task done by a person. */
export async function open(target: string, flags: OpenFlags): Promise<void> {
  await (flags.asAgent ? recordPerson : workInteractively)(target, flags);
}

async function workInteractively(target: string, flags: OpenFlags) {
  const terminal = openPrompter();
  const onServerMessage = serverLog(openLog(flags.log));
  try {
    await withInteractiveTrial(
      (signal) => openSandbox(target, { ...flags, say, signal, onServerMessage }),
      terminal.say,
      async (trial, signal) => {
        terminal.say(`${trial.name} in ${trial.environment}, sandbox: ${trial.sandbox}; try: help`);
        await promptInTrial(trial, terminal, signal);
      },
    );
  } finally {
    terminal.close();
  }
}

async function recordPerson(target: string, flags: OpenFlags) {
  const run = newRunId(new Date());
  const { setup, provider, sandbox } = await setUpOne(target, { ...flags, say }, { run, task: true });
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
    printResult(resultOf(finished), { heading: `sandbox: ${sandbox}` });
  } finally {
    terminal.close();
  }
}
