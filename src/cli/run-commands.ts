import { Command } from 'commander';
import {
  agentArgOption,
  agentForms,
  collect,
  environmentsOption,
  jsonOption,
  logOption,
  maxCostOption,
  modelOption,
  numberBetween,
  outOption,
  recordedSandboxOption,
  tasksOption,
  traceArgument,
  wholeNumber,
  withInstanceOptions,
  withModelOptions,
  withSetupOptions,
} from './option.ts';
import { attachCommand, cancelCommand, workerCommand, workersCommand } from './queue-commands.ts';

/** The commands that run trials. What they do is loaded when they do it. */
export const runCommands = () => [
  runCommand(),
  resumeCommand(),
  retryCommand(),
  replayCommand(),
  forkCommand(),
  bisectCommand(),
  workerCommand(),
  attachCommand(),
  cancelCommand(),
  workersCommand(),
];

function runCommand(): Command {
  const any = Number.POSITIVE_INFINITY;
  const command = new Command('run')
    .description('Run agents on tasks: record everything, score every step, report.')
    .argument('<path...>', 'task folders, suite folders, or names of suites')
    .option('-a, --agent <id>', `${agentForms} (repeatable)`, collect, [])
    .option('-n, --attempts <n>', 'attempts per task and agent', wholeNumber(1), 1)
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1))
    .option('-t, --tag <tag>', 'only tasks with this tag (repeatable: any of them)', collect, [])
    .option('--limit <n>', 'only the first n tasks', wholeNumber(1))
    .option('--dry-run', 'list what would run, and stop')
    .addOption(outOption())
    .addOption(jsonOption())
    .option('--seed <text>', 'seed of the run', '0')
    .option('--retries <n>', 'how often an infrastructure error is tried again', wholeNumber(0), 0)
    .option('--max-steps <n>', 'decisions per trial', wholeNumber(1))
    .option('--max-seconds <s>', 'wall time per trial', numberBetween(0.001, any))
    .option('--max-tokens <n>', 'model tokens per trial', wholeNumber(1))
    .option('--max-trial-cost <usd>', 'model cost per trial', numberBetween(0.000001, any))
    .addOption(maxCostOption('the whole run'))
    .option(
      '--adaptive <bank>',
      'run only the tasks that tell most, by what `calibrate` wrote, and estimate the whole suite from them',
    )
    .option(
      '--se <logits>',
      'with --adaptive: end where the standard error of an agent’s ability is as small',
      numberBetween(0.01, any),
    )
    .option('--max-tasks <n>', 'with --adaptive: tasks per agent', wholeNumber(1))
    .option(
      '--stratified',
      'with --adaptive: draw tasks by lot from groups of the same difficulty instead, which needs no model',
    )
    .option(
      '--fail-under <share>',
      'exit 1 where mean completion, or its estimate with --adaptive, is lower',
      numberBetween(0, 1),
    )
    .option(
      '--max-severity <level>',
      'exit 1 where a finding is more severe, or something went unobserved',
      numberBetween(0, 6),
    )
    .option('--allow-unscored', 'with --max-severity: let trials pass in which something went unobserved')
    .option('--judge <id>', 'openai:<model> that judges the trials when the run has ended')
    .option('--queue <url>', 'let workers at this PostgreSQL database make the trials: postgres://…')
    .option('--store <place>', 'with --queue: folder that the machines share, or s3://bucket/prefix')
    .option('--labels <list>', 'with --queue: what workers must be labelled with, such as gpu,arm')
    .option('--detach', 'with --queue: plan the run and leave it to the workers')
    .option(
      '--max-tries <n>',
      'with --queue: how often a trial is begun at most where workers are lost with it; 3 when absent',
      wholeNumber(1),
    );
  command.addOption(modelOption()).addOption(agentArgOption());
  withInstanceOptions(command, 'seeds that follow from the run’s').option(
    '--private',
    'instances by the private seed that suite.toml names; their trials are counted',
  );
  return withSetupOptions(withModelOptions(command)).action(async (paths, flags) =>
    (await import('./run.ts')).runTasks(paths, flags),
  );
}

function resumeCommand(): Command {
  const command = new Command('resume').description(
    'Continue a run that was stopped, killed or out of money: what had ended stays, the rest is run, or rebuilt and continued.',
  );
  return withRunToContinue(command).action(async (reference, flags) =>
    (await import('./resume.ts')).resumeRun(reference, flags),
  );
}

function retryCommand(): Command {
  const command = new Command('retry').description(
    'Run again what is not scored in a run: trials that failed through no fault of their agent, and what `resume` would continue.',
  );
  return withRunToContinue(command).action(async (reference, flags) =>
    (await import('./resume.ts')).retryRun(reference, flags),
  );
}

/** What `resume` and `retry` have in common. */
function withRunToContinue(command: Command): Command {
  return command
    .argument('[run]', 'folder or id of a run', 'last')
    .addOption(
      maxCostOption('the whole run, what it has cost already included; as it was started when absent'),
    )
    .addOption(outOption())
    .addOption(jsonOption())
    .addOption(logOption());
}

function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Execute a recorded trial again in a fresh sandbox, and say where it goes another way; or stop inside it.',
    )
    .addArgument(traceArgument())
    .option('--times <n>', 'how often it is executed', wholeNumber(1), 1)
    .option('--to <step>', 'stop just after this step', wholeNumber(0))
    .option('--before <step>', 'stop just before this step', wholeNumber(0))
    .option(
      '--shell',
      'open a shell (or a prompt for tools) where it stops; without --to, after the last step',
    )
    .option('--keep', 'leave the sandbox running where it stops (docker)')
    .option('--files <path>', 'copy this file or folder of the sandbox out, as it is where it stops')
    .option('--into <dir>', 'where copies go', '.')
    .option('--choices', 'of a run that chose its tasks: choose again from its outcomes, and run nothing')
    .addOption(recordedSandboxOption())
    .addOption(outOption())
    .option('--json', 'one JSON document')
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption())
    .action(async (reference, flags) => (await import('./replay.ts')).replayRecorded(reference, flags));
}

function forkCommand(): Command {
  const command = new Command('fork')
    .description(
      'Continue a recorded trial from one of its steps with another agent, or another message. What came before costs no tokens.',
    )
    .option('--at <step>', 'the last step that is taken over', wholeNumber(0))
    .option('--before <step>', 'the first step that is not taken over', wholeNumber(1))
    .option('-a, --agent <id>', `who continues: ${agentForms}; the recorded agent when absent`)
    .option(
      '--edit <what=text>',
      'message=TEXT, instruction=TEXT or observation:CALL=TEXT (repeatable)',
      collect,
      [],
    )
    .option('--despite-divergence', 'continue although the steps taken over do not come out as recorded');
  return withForkOptions(command, 'how often').action(async (reference, flags) =>
    (await import('./fork.ts')).forkRecorded(reference, flags),
  );
}

function bisectCommand(): Command {
  const command = new Command('bisect')
    .description(
      'Find the decisive step of a failed trial: the first one after which a rescuer no longer succeeds.',
    )
    .option('-a, --agent <id>', `who tries to save it: ${agentForms}; the task’s reference when absent`);
  return withForkOptions(command, 'forks at each step that is asked').action(async (reference, flags) =>
    (await import('./bisect.ts')).findDecisiveStep(reference, flags),
  );
}

/** What `fork` and `bisect` have in common. */
function withForkOptions(command: Command, attempts: string): Command {
  return withModelOptions(command)
    .addOption(modelOption())
    .addOption(agentArgOption())
    .addArgument(traceArgument())
    .option('-n, --attempts <n>', attempts, wholeNumber(1), 1)
    .option('-c, --concurrency <n>', 'forks at the same time', wholeNumber(1), 4)
    .addOption(maxCostOption('all forks'))
    .addOption(recordedSandboxOption())
    .addOption(outOption())
    .addOption(jsonOption())
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption());
}
