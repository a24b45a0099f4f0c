import { Argument, Command, Option } from 'commander';
import {
  agentArgOption,
  collect,
  environmentsOption,
  exportFormats,
  jsonOption,
  judgedActions,
  logOption,
  maxCostOption,
  numberBetween,
  outOption,
  pattern,
  properShare,
  recordedSandboxOption,
  tasksOption,
  traceArgument,
  wholeNumber,
  wholeNumbers,
  withModelOptions,
} from './option.ts';

/** The commands that read and pass on what is recorded. What they do is loaded when they do it. */
export const traceCommands = () => [
  showCommand(),
  listCommand(),
  scoreCommand(),
  judgeCommand(),
  reportCommand(),
  compareCommand(),
  planCommand(),
  viewCommand(),
  mcpCommand(),
  exportCommand(),
  importCommand(),
];

function showCommand(): Command {
  return new Command('show')
    .description('Read a recorded trial step by step, opening on what matters.')
    .addArgument(traceArgument())
    .addOption(outOption())
    .option('--step <n>', 'only this step', wholeNumber(0))
    .option('--failed', 'only steps with a call that failed or was denied')
    .option('--findings', 'only steps with findings')
    .option('--grep <pattern>', 'only steps in which a text, an argument or an output matches', pattern)
    .option('--full', 'all texts whole')
    .option('--json', 'one JSON document, every body resolved')
    .action(async (reference, flags) => (await import('./show.ts')).show(reference, flags));
}

function listCommand(): Command {
  return new Command('list')
    .description('List the recorded runs, newest first, with their scores.')
    .argument('[word...]', 'only runs whose id, kind, status, tasks or agents have each of these words')
    .addOption(outOption())
    .option('--json', 'one JSON document')
    .action(async (words, flags) => (await import('./list.ts')).list(words, flags));
}

function scoreCommand(): Command {
  return new Command('score')
    .description('Judge recorded trials again, with the scorers of today. Refuses traces that were edited.')
    .argument('<trace...>', 'folders of traces or runs, `last`, or ids')
    .addOption(outOption())
    .option(
      '--policy <file>',
      'show what these rules, put over the recorded ones, would have found and blocked',
    )
    .option('--labels <file>', 'JSON: trial to whether a finding is right; with --policy')
    .option('--json', 'one JSON document')
    .action(async (references, flags) => (await import('./score.ts')).scoreAgain(references, flags));
}

function judgeCommand(): Command {
  return withModelOptions(new Command('judge'))
    .description(
      'Ask a model what only sense can tell of recorded trials; what it finds is kept apart from all else.',
    )
    .argument('<trace...>', 'folders of traces or runs, `last`, or ids')
    .option('-m, --model <id>', 'the judge: openai:<model>')
    .option('--again', 'also trials of which this judge has told already')
    .option('--max-actions <n>', 'actions of one trial that it is asked about', wholeNumber(0), judgedActions)
    .addOption(maxCostOption('the judge'))
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1), 4)
    .option(
      '--agreement <file>',
      'JSON: what people say of trials; measures how far the judge agrees, and keeps that',
    )
    .addOption(outOption())
    .addOption(jsonOption())
    .action(async (references, flags) => (await import('./judge.ts')).judge(references, flags));
}

function reportCommand(): Command {
  return new Command('report')
    .description('Sum up a recorded run: tables, JSON, Markdown for a pull request, or one HTML file.')
    .argument('[run]', 'folder or id of a run', 'last')
    .addOption(outOption())
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['text', 'json', 'markdown', 'html'])
        .default('text'),
    )
    .addOption(
      new Option('--bodies <which>', 'steps whose inside an HTML report holds')
        .choices(['none', 'findings', 'all'])
        .default('findings'),
    )
    .option('-o, --output <file>', 'write to a file')
    .option('--fail-under <share>', 'exit 1 where mean completion is lower', numberBetween(0, 1))
    .option(
      '--max-severity <level>',
      'exit 1 where a finding is more severe, or something went unobserved',
      numberBetween(0, 6),
    )
    .option('--allow-unscored', 'with --max-severity: let trials pass in which something went unobserved')
    .action(async (reference, flags) => (await import('./report.ts')).report(reference, flags));
}

function compareCommand(): Command {
  const command = new Command('compare')
    .description('Compare sets of recorded trials: which is better, whether that can be believed, and where.')
    .argument(
      '<A>',
      'the set that others are compared with: `last`, a run, a folder, run:agent, or several joined by +',
    )
    .argument('<B...>', 'the set, or sets, that are compared with it')
    .addOption(outOption())
    .option('--task <name>', 'only this task or suite (repeatable)', collect, [])
    .option('--tag <tag>', 'only tasks with this tag (repeatable)', collect, [])
    .option('--agent <id>', 'only trials of this agent (repeatable)', collect, [])
    .option(
      '--margin <points>',
      'differences in completion up to this count as none',
      numberBetween(0, 100),
      5,
    )
    .option('--explore', 'correct the search for capabilities by Benjamini and Hochberg, not by Holm')
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .option('--json', 'one JSON document, as comparison.schema.json says');
  const general = new Set(command.options);
  withExperimentOptions(command);
  const ofExperiment = command.options.filter((option) => !general.has(option));
  return command.action(async (a, others, flags) => {
    const given = ofExperiment.filter(
      (option) => command.getOptionValueSource(option.attributeName()) === 'cli',
    );
    const { compareRecorded } = await import('./compare.ts');
    await compareRecorded([a, ...others], { ...flags, ofExperiment: given.map(({ long }) => long) });
  });
}

/** What trials are forked with, to find which part of them makes the difference. */
function withExperimentOptions(command: Command): void {
  command
    .optionsGroup('Experiment:')
    .option(
      '--experiment',
      'fork recorded trials of both across each other at tasks that one completed and the other did not (with --task, at these): which part of them makes the difference',
    )
    .option(
      '--at <step>',
      'the last step that forks take over; where the two first part when absent',
      wholeNumber(0),
    )
    .option('-n, --attempts <n>', 'forks of each combination', wholeNumber(1), 4)
    .option(
      '--values <n>',
      'also continue the worse trial so often after each of its steps, to tell what each was worth',
      wholeNumber(0),
      0,
    )
    .option('--max-forks <n>', 'forks in all', wholeNumber(1))
    .addOption(maxCostOption('all forks'))
    .option('-c, --concurrency <n>', 'forks at the same time', wholeNumber(1), 4)
    .addOption(recordedSandboxOption())
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption());
  withModelOptions(command);
}

function planCommand(): Command {
  return new Command('plan')
    .description('Tell how many tasks, attempts and dollars it takes to tell two agents apart.')
    .argument(
      '[set...]',
      'recorded trials to plan by, of two agents or of one: `last`, a run, a folder, run:agent, or several joined by +',
    )
    .addOption(outOption())
    .option('--mde <share>', 'the smallest difference in completion that is to be found', properShare, 0.05)
    .option('--power <share>', 'the chance to find it', properShare, 0.8)
    .option('--alpha <share>', 'the chance of a false difference', properShare, 0.05)
    .option(
      '--attempts <list>',
      'attempts of each agent at a task to choose from',
      wholeNumbers,
      [1, 2, 4, 8],
    )
    .option('--max-tasks <n>', 'tasks that there are or can be had', wholeNumber(1))
    .addOption(new Option('--max-cost <usd>', 'what may be spent').argParser(numberBetween(0, Infinity)))
    .option(
      '--between <variance>',
      'variance of tasks’ true differences, instead of the recorded',
      numberBetween(0, 1),
    )
    .option(
      '--within <variance>',
      'variance of trials of one task, instead of the recorded',
      numberBetween(0, 1),
    )
    .option(
      '--discordant <share>',
      'pairs of trials of which only one passes, instead of the recorded',
      properShare,
    )
    .option('--trial-cost <usd>', 'what a trial costs, instead of the recorded', numberBetween(0, Infinity))
    .option(
      '--correlation <r>',
      'how far the chances of an agent not recorded go with those of the one that is',
      numberBetween(0, 1),
      0.5,
    )
    .option('--task <name>', 'only this task or suite (repeatable)', collect, [])
    .option('--tag <tag>', 'only tasks with this tag (repeatable)', collect, [])
    .option('--agent <id>', 'only trials of this agent (repeatable)', collect, [])
    .option('--json', 'one JSON document')
    .action(async (sets, flags) => (await import('./plan.ts')).plan(sets, flags));
}

function viewCommand(): Command {
  return new Command('view')
    .description('Look at recorded runs and trials in a browser; a run that is under way is followed.')
    .argument('[what]', 'a run, a trace, or a folder of runs; all runs where it is left out')
    .addOption(outOption())
    .option('--port <n>', 'port on 127.0.0.1; a free one where it is left out', wholeNumber(1))
    .option('--open', 'open it in the default browser')
    .option('--queue <url>', 'show too what the workers of this queue do: postgres://…')
    .action(async (reference, flags) => (await import('./view.ts')).view(reference, flags));
}

function mcpCommand(): Command {
  return withModelOptions(new Command('mcp'))
    .description(
      'Serve recorded runs to a coding agent over MCP, on stdin and stdout. It can read, and nothing else unless allowed.',
    )
    .argument('[folder]', 'a folder of runs, a run or a trace; all runs where it is left out')
    .addOption(outOption())
    .option('--allow-replay', 'let it execute recorded trials again, which asks no model')
    .option('--max-forks <n>', 'with --allow-replay, let it fork trials, so many in all', wholeNumber(1))
    .addOption(maxCostOption('all forks'))
    .option(
      '-a, --agent <id>',
      'an agent that forks may be continued by, beside the recorded one (repeatable)',
      collect,
      [],
    )
    .addOption(agentArgOption())
    .addOption(recordedSandboxOption())
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .action(async (folder, flags) => (await import('./mcp.ts')).serveOverMcp(folder, flags));
}

function exportCommand(): Command {
  return new Command('export')
    .description('Hand a recorded run or trial, or a task, to another tool, in its format.')
    .argument('<run|trace>', 'folder or id of a run or a trial, or `last`; for harbor, a task')
    .addOption(new Option('--to <format>', 'format').choices(exportFormats).makeOptionMandatory())
    .option('-o, --output <file>', 'write to a file, or to a folder where there are several')
    .option('--endpoint <url>', 'post OpenTelemetry traces to an OTLP/HTTP collector')
    .addOption(
      new Option('--rows <what>', 'what a line of CSV stands for')
        .choices(['trials', 'steps'])
        .default('trials'),
    )
    .addOption(outOption())
    .action(async (reference, flags) => (await import('./export.ts')).exportAny(reference, flags));
}

function importCommand(): Command {
  return new Command('import')
    .description(
      'Make traces of what was recorded elsewhere, so that show, score and report work on it; or tasks of Harbor’s.',
    )
    .addArgument(
      new Argument('<format>', 'format of the files').choices([
        'atif',
        'inspect',
        'messages',
        'openai-messages',
        'harbor',
      ]),
    )
    .argument('<file...>', 'files to read; for harbor, task folders or a folder of them')
    .addOption(
      new Option(
        '--declare <file>',
        'what the records do not say: tools, rewards, contract … as TOML or JSON, or CSV of trials (repeatable)',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--environment <name>', 'an environment, whose tools and policy hold; a name or a folder')
    .option('--task <dir>', 'the task that was tried')
    .option('--policy <file>', 'rules over the default ones')
    .option('--agent <id>', 'whose trials they are')
    .option('-o, --output <dir>', 'for harbor: the suite to put the tasks into', 'tasks/harbor')
    .addOption(outOption())
    .action(async (format, files, flags) => (await import('./import.ts')).importAny(format, files, flags));
}
