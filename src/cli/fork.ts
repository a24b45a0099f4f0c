import { Command } from 'commander';
import { ProctorError } from '../errors.ts';
import { readEdits } from '../replay/edit.ts';
import { agentForms } from './agent.ts';
import { withForkOptions } from './fork-option.ts';
import { collect, wholeNumber } from './option.ts';
import { openRecordedTrial, stepsOf } from './recorded-trial.ts';
import { printReport, reportOf, requireEnd, whereNext } from './result.ts';
import { type ForkRunFlags, forkAgent, runFork } from './run-fork.ts';

interface ForkFlags extends ForkRunFlags {
  at?: number;
  before?: number;
  agent?: string;
  edit: string[];
  despiteDivergence?: boolean;
  param: string[];
  prices?: string;
  json?: boolean;
}

/** `proctor fork`: repeats a recorded trial up to a step, and lets another agent go on from there. */
export function forkCommand(): Command {
  const command = new Command('fork')
    .description(
      'Go on from a step of a recorded trial with another agent, or another message. What came before costs no tokens.',
    )
    .option('--at <step>', 'the last step that is taken over', wholeNumber(0))
    .option('--before <step>', 'the first step that is not taken over', wholeNumber(1))
    .option('-a, --agent <id>', `who goes on: ${agentForms}; the recorded agent when absent`)
    .option(
      '--edit <what=text>',
      'message=TEXT, instruction=TEXT or observation:CALL=TEXT (repeatable)',
      collect,
      [],
    )
    .option('--despite-divergence', 'go on although the steps taken over do not come out as recorded');
  return withForkOptions(command, 'how often').action(fork);
}

async function fork(reference: string, flags: ForkFlags): Promise<void> {
  const { recording, reloaded } = openRecordedTrial(reference, flags);
  const steps = stepsOf(recording, { to: flags.at, before: flags.before });
  if (steps === undefined)
    throw new ProctorError('bad-flag', 'name the step to fork at: --at K or --before K');
  const edits = readEdits(flags.edit, recording, steps);
  const agent = forkAgent(recording, flags);
  const despiteDivergence = flags.despiteDivergence ?? false;
  const { run, dir } = await runFork(
    recording,
    reloaded,
    { steps, agent, edits, despiteDivergence },
    { ...flags, edited: flags.edit },
  );
  const report = reportOf(run, dir);
  printReport(report, { json: flags.json, heading: `fork of ${recording.name} after step ${steps - 1}` });
  if (!flags.json) process.stdout.write(`\n${whereNext(dir, report)}`);
  requireEnd(run, dir);
  const diverged = report.trials.find(({ score }) => score.outcome === 'diverged');
  if (diverged?.error) throw new ProctorError('diverged', diverged.error.message);
}
