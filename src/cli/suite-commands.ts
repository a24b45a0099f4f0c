import { Command, Option } from 'commander';
import {
  agentArgOption,
  collect,
  jsonOption,
  maxCostOption,
  modelOption,
  outOption,
  properShare,
  wholeNumber,
  withModelOptions,
  withSetupOptions,
} from './option.ts';

/** The commands that look at suites by what agents did at them. What they do is loaded when they do it. */
export const suiteCommands = () => [
  calibrateCommand(),
  contaminationCommand(),
  new Command('suite')
    .description('Look at a suite: by what agents did at it, and by what cheats and guesses get of it.')
    .addCommand(auditCommand())
    .addCommand(cardCommand())
    .addCommand(healthCommand())
    .addCommand(watchCommand()),
];

const sets = 'recorded trials: `last`, a run, a folder of runs, run:agent, or several joined by +';

function calibrateCommand(): Command {
  return withFilters(
    new Command('calibrate')
      .description(
        'Fit how hard tasks are, and how able agents, to recorded runs: what `run --adaptive` chooses by.',
      )
      .argument('<set...>', sets)
      .option('-o, --output <file>', 'where the bank is written', 'bank.json'),
  ).action(async (selectors, flags) =>
    (await import('./suite/calibrate.ts')).calibrateRuns(selectors, flags),
  );
}

function auditCommand(): Command {
  const command = new Command('audit')
    .description(
      'Play what a suite must not reward or give away: guesses, cheats, empty output, another look at the same work; each with its evidence.',
    )
    .argument('<suite>', 'a suite or a task, by folder or name')
    .option('--task <name>', 'only this task of it (repeatable)', collect, [])
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1), 4)
    .option('--keep <dir>', 'keep the traces')
    .addOption(jsonOption());
  return withSetupOptions(command).action(async (suite, flags) =>
    (await import('./suite/audit.ts')).auditSuite(suite, flags),
  );
}

function cardCommand(): Command {
  const command = new Command('card')
    .description(
      'Write one page of a suite: what it is for, its audit, what runs say of it, and which state of its life that supports.',
    )
    .argument('<suite>', 'a suite or a task, by folder or name')
    .argument('[set...]', sets)
    .option('-o, --output <file>', 'where the page is written; card.md or card.html when absent')
    .addOption(
      new Option('--format <format>', 'how it is written; as the file is called when absent').choices([
        'markdown',
        'html',
      ]),
    )
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1), 4)
    .addOption(outOption());
  return withSetupOptions(command).action(async (suite, selectors, flags) =>
    (await import('./suite/card.ts')).card(suite, selectors, flags),
  );
}

function healthCommand(): Command {
  return withFilters(
    new Command('health')
      .description(
        'Say whether tasks still tell agents apart: too easy, mis-keyed, redundant and flaky ones, reliability, saturation.',
      )
      .argument('<set...>', sets)
      .addOption(
        new Option('--format <format>', 'how it is written')
          .choices(['text', 'json', 'markdown'])
          .default('text'),
      ),
  ).action(async (selectors, flags) => (await import('./suite/health.ts')).health(selectors, flags));
}

function watchCommand(): Command {
  return withFilters(
    new Command('watch')
      .description(
        'Watch nightly runs of a suite: whether agents do worse since a run, by evidence that may be looked at every night.',
      )
      .argument('<set...>', sets)
      .option('--since <run>', 'the first run after the change; the second one when absent')
      .option('--level <share>', 'what agents should complete', properShare)
      .option('--gate', 'exit 1 where an alarm is raised'),
  ).action(async (selectors, flags) => (await import('./suite/watch.ts')).watch(selectors, flags));
}

function contaminationCommand(): Command {
  const command = new Command('contamination')
    .description(
      'Judge whether an agent knew the published tasks, by how it does at fresh instances of them and at other forms.',
    )
    .argument('<set...>', `${sets}; with --instances, task folders, suite folders, or names of suites`)
    .requiredOption('-a, --agent <id>', 'the agent that is judged')
    .option('--reference <id>', 'an agent that is taken to know nothing of these tasks, to compare with')
    .addOption(outOption())
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .addOption(jsonOption())
    .option(
      '--instances <n>',
      'run what is to be judged: generated tasks as published, n fresh instances of each, and another form',
      wholeNumber(1),
    )
    .option('-n, --attempts <n>', 'with --instances: attempts at each', wholeNumber(1))
    .option('--perturb <list>', 'with --instances: the other form, as of `run`; wording when absent')
    .option(
      '--replay <n>',
      'make the recorded calls again without asking anybody, on the published instance and on n fresh ones; embedded unless --sandbox says otherwise',
      wholeNumber(1),
    )
    .option(
      '--seed <text>',
      'with --instances or --replay: what instances follow from; one that nobody has used when absent',
    )
    .option('-c, --concurrency <n>', 'with --instances or --replay: trials at the same time', wholeNumber(1))
    .addOption(maxCostOption('the whole run, with --instances'))
    .addOption(modelOption())
    .addOption(agentArgOption());
  return withSetupOptions(withModelOptions(command)).action(async (paths, flags) =>
    (await import('./suite/contamination.ts')).contamination(paths, flags),
  );
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
