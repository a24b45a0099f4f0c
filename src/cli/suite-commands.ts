import { Command } from 'commander';
import { collect, jsonOption, outOption } from './option.ts';

/** The commands that look at suites by what agents did at them. What they do is loaded when they do it. */
export const suiteCommands = () => [calibrateCommand()];

const sets = 'recorded trials: `last`, a run, a folder of runs, run:agent, or several joined by +';

function calibrateCommand(): Command {
  return withFilters(
    new Command('calibrate')
      .description(
        'Fit how hard tasks are, and how able agents, to recorded runs: what `run --adaptive` chooses by.',
      )
      .argument('<set...>', sets)
      .option('-o, --output <file>', 'where the bank is written', 'bank.json'),
  ).action(async (selectors, flags) => (await import('./calibrate.ts')).calibrateRuns(selectors, flags));
}

/** Which of the recorded trials are looked at. */
function withFilters(command: Command): Command {
  return command
    .addOption(outOption())
    .option('--task <name>', 'only this task or suite (repeatable)', collect, [])
    .option('--tag <tag>', 'only tasks with this tag (repeatable)', collect, [])
    .option('--agent <id>', 'only trials of this agent (repeatable)', collect, [])
    .addOption(jsonOption());
}
