import { Command, Option } from 'commander';
import { ProctorError } from '../errors.ts';
import { readEdits } from '../replay/edit.ts';
import { agentForms } from './agent.ts';
import { conductFork, forkAgent } from './conduct-fork.ts';
import {
  collect,
  environmentsOption,
  logOption,
  numberBetween,
  outOption,
  paramOption,
  pricesOption,
  tasksOption,
  wholeNumber,
} from './option.ts';
import { type RecordedFlags, recall, stepsOf } from './recorded.ts';
import { demandEnd, printReport, reportOf, whereNext } from './result.ts';

interface ForkFlags extends RecordedFlags {
  at?: number;
  before?: number;
  agent?: string;
  attempts: number;
  concurrency: number;
  edit: string[];
  despiteDivergence?: boolean;
  maxCost?: number;
  param: string[];
  prices?: string;
  json?: boolean;
  log?: string;
}

/** `proctor fork`: repeats a recorded trial up to a step, and lets another agent go on from there. */
export function forkCommand(): Command {
  return new Command('fork')
    .description(
      'Go on from a step of a recorded trial with another agent, or another message. What came before costs no tokens.',
    )
    .argument('<trace>', 'folder of a trace, `last`, or the id of a trial or the beginning of it')
    .option('--at <step>', 'the last step that is taken over', wholeNumber(0))
    .option('--before <step>', 'the first step that is not taken over', wholeNumber(1))
    .option('-a, --agent <id>', `who goes on: ${agentForms}; the recorded agent when absent`)
    .option('-n, --attempts <n>', 'how often', wholeNumber(1), 1)
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1), 4)
    .option(
      '--edit <what=text>',
      'message=TEXT, instruction=TEXT or observation:CALL=TEXT (repeatable)',
      collect,
      [],
    )
    .option('--despite-divergence', 'go on although the steps taken over do not come out as recorded')
    .option(
      '--max-cost <usd>',
      'model cost of all attempts',
      numberBetween(0.000001, Number.POSITIVE_INFINITY),
    )
    .addOption(
      new Option(
        '--sandbox <provider>',
        'where the sandbox runs, if not where the trial was recorded',
      ).choices(['auto', 'docker', 'embedded']),
    )
    .addOption(paramOption())
    .addOption(pricesOption())
    .addOption(outOption())
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption())
    .action((reference: string, flags: ForkFlags) => fork(reference, flags));
}

async function fork(reference: string, flags: ForkFlags): Promise<void> {
  const { recording, reloaded } = recall(reference, flags);
  const steps = stepsOf(recording, { to: flags.at, before: flags.before });
  if (steps === undefined)
    throw new ProctorError('bad-flag', 'name the step to fork at: --at K or --before K');
  const edits = readEdits(flags.edit, recording, steps);
  const agent = forkAgent(recording, flags);
  const despiteDivergence = flags.despiteDivergence ?? false;
  const { run, dir } = await conductFork(
    recording,
    reloaded,
    { steps, agent, edits, despiteDivergence },
    { ...flags, edited: flags.edit },
  );
  const report = reportOf(run, dir);
  printReport(report, { json: flags.json, heading: `fork of ${recording.name} after step ${steps - 1}` });
  if (!flags.json) process.stdout.write(`\n${whereNext(dir, report)}`);
  demandEnd(run, dir);
  const diverged = report.trials.find(({ score }) => score.outcome === 'diverged');
  if (diverged?.error) throw new ProctorError('diverged', diverged.error.message);
}
