import { type Command, Option } from 'commander';
import {
  environmentsOption,
  logOption,
  numberBetween,
  outOption,
  paramOption,
  pricesOption,
  tasksOption,
  wholeNumber,
} from './option.ts';

export const recordedSandboxOption = () =>
  new Option('--sandbox <provider>', 'where the sandbox runs, if not where the trial was recorded').choices([
    'auto',
    'docker',
    'embedded',
  ]);

/** The argument and options of every command that forks a recorded trial. */
export function withForkOptions(command: Command, attempts: string): Command {
  return command
    .argument('<trace>', 'folder of a trace, `last`, or the id of a trial or the beginning of it')
    .option('-n, --attempts <n>', attempts, wholeNumber(1), 1)
    .option('-c, --concurrency <n>', 'forks at the same time', wholeNumber(1), 4)
    .option('--max-cost <usd>', 'model cost of all forks', numberBetween(0.000001, Number.POSITIVE_INFINITY))
    .addOption(recordedSandboxOption())
    .addOption(paramOption())
    .addOption(pricesOption())
    .addOption(outOption())
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption());
}
