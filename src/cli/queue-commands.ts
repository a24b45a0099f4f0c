import { Command, Option } from 'commander';
import { jsonOption, numberBetween, outOption, wholeNumber } from './option.ts';

const queueOption = () =>
  new Option(
    '--queue <url>',
    'the PostgreSQL database that machines share runs in: postgres://…; PROCTOR_QUEUE when absent',
  )
    .env('PROCTOR_QUEUE')
    .makeOptionMandatory();

export const workerCommand = () =>
  new Command('worker')
    .description('Make trials of queued runs until it is stopped; any number of machines may.')
    .addOption(queueOption())
    .option('--capacity <n>', 'trials at the same time', wholeNumber(1), 4)
    .option('--sandbox <provider>', 'where its sandboxes run: auto, docker, embedded', 'auto')
    .option('--labels <list>', 'what it has that trials may ask for, such as gpu,arm')
    .option(
      '--lease <s>',
      'seconds after which others take its trials when it is not heard of',
      numberBetween(1, 3600),
      30,
    )
    .option(
      '--work <dir>',
      'folder for tasks, and for traces until they are committed; one of its own when absent',
    )
    .option(
      '--metrics <[host:]port>',
      'serve what it does and how the queue stands, as OpenMetrics at /metrics; to this machine where no host is named',
    )
    .action(async (flags) => (await import('./worker.ts')).runWorker(flags));

export const attachCommand = () =>
  new Command('attach')
    .description('Follow a queued run, fetch its trials, and report when it is over.')
    .argument('<run>', 'id of a queued run')
    .addOption(queueOption())
    .addOption(outOption())
    .addOption(jsonOption())
    .action(async (run, flags) => (await import('./attach.ts')).attachRun(run, flags));

export const cancelCommand = () =>
  new Command('cancel')
    .description('Cancel what of a queued run, or one of its trials, has not ended.')
    .argument('<run|trial>', 'id of a queued run or trial')
    .addOption(queueOption())
    .action(async (id, flags) => (await import('./cancel.ts')).cancelQueued(id, flags));

export const workersCommand = () =>
  new Command('workers')
    .description('List the workers of a queue: what they offer, hold and have committed.')
    .addOption(queueOption())
    .addOption(jsonOption())
    .action(async (flags) => (await import('./workers.ts')).printWorkers(flags));
