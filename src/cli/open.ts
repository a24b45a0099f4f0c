import { join } from 'node:path';
import { Command } from 'commander';
import { humanAgent } from '../agent/human.ts';
import { ProctorError } from '../errors.ts';
import { newRunId, newTrialId } from '../trace/run-id.ts';
import { conduct, configOf } from './conduct.ts';
import { promptInRoom } from './hand-prompt.ts';
import { inHandRoom } from './in-hand-room.ts';
import { openLog } from './log.ts';
import {
  environmentsOption,
  imageMapOption,
  logOption,
  outOption,
  runtimeOption,
  sandboxOption,
  tasksOption,
  withPytestOption,
} from './option.ts';
import { openPrompter } from './prompter.ts';
import type { SandboxChoice } from './provider.ts';
import { printReport, reportOf, whereNext } from './result.ts';
import { type Seat, type Seating, seatAll } from './selection.ts';
import { findTargets } from './target.ts';
import type { ImageFlags } from './task.ts';
import { toolboxOpener } from './toolbox.ts';

interface OpenFlags extends ImageFlags {
  sandbox: SandboxChoice;
  runtime?: string;
  asAgent?: boolean;
  out: string;
  environments: string[];
  tasks: string[];
  log?: string;
}

/** `proctor open`: a fresh sandbox by hand, or a task done by a person. */
export function openCommand(): Command {
  return new Command('open')
    .description('Open a fresh sandbox by hand: call its tools, see its state change.')
    .argument('<target>', 'a task or an environment, by folder or name')
    .option('--as-agent', 'do the task yourself: recorded and scored like any agent')
    .addOption(sandboxOption())
    .addOption(runtimeOption())
    .addOption(outOption())
    .addOption(imageMapOption())
    .addOption(withPytestOption())
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption())
    .action(open);
}

async function open(target: string, flags: OpenFlags): Promise<void> {
  const run = newRunId(new Date());
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const seat = seatOf(target, flags);
  const seating = await seatAll([seat], { ...flags, poolSize: 0, runId: run, say });
  const [skipped] = seating.skipped;
  if (skipped) throw new ProctorError('unsupported', `${skipped.task}: ${skipped.reason}`);
  await (flags.asAgent ? sitDown : workIn)(seat, seating, run, flags);
}

function seatOf(target: string, flags: OpenFlags): Seat {
  const { tasks, environments } = findTargets([target], flags);
  const [seat] = flags.asAgent || environments.length === 0 ? tasks : environments;
  if (!seat)
    throw new ProctorError('bad-flag', `--as-agent: expected a task, and ${target} is an environment`);
  if (tasks.length > 1 && tasks.includes(seat))
    throw new ProctorError('bad-flag', `${target}: expected one task, and there are ${tasks.length}`);
  return seat;
}

async function workIn(seat: Seat, { provider, sandboxNote }: Seating, run: string, flags: OpenFlags) {
  const terminal = openPrompter();
  const openToolbox = toolboxOpener(openLog(flags.log));
  const { say } = terminal;
  try {
    await inHandRoom(seat, { run, trial: 'open', provider, openToolbox, say }, async (room, signal) => {
      say(`${seat.task.name} in ${seat.environment.name}, sandbox: ${sandboxNote}; try: help`);
      await promptInRoom(room, terminal, signal);
    });
  } finally {
    terminal.close();
  }
}

async function sitDown(seat: Seat, { provider, sandboxNote }: Seating, run: string, flags: OpenFlags) {
  const terminal = openPrompter();
  const dir = join(flags.out, run);
  const cells = [{ ...seat, agent: humanAgent(terminal), attempt: 1, trial: newTrialId() }];
  try {
    const finished = await conduct({
      run,
      runSeed: '0',
      dir,
      cells,
      skipped: [],
      provider,
      concurrency: 1,
      retries: 0,
      limits: {},
      log: flags.log,
      quiet: true,
      config: {
        ...configOf(cells),
        agents: ['human'],
        attempts: 1,
        seed: '0',
        sandbox: provider.name,
        limits: {},
        options: {},
      },
    });
    const report = reportOf(finished, dir);
    printReport(report, { heading: `sandbox: ${sandboxNote}` });
    process.stdout.write(`\n${whereNext(dir, report)}`);
  } finally {
    terminal.close();
  }
}
