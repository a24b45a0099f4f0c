import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEnvironments } from '../check/check-environments.ts';
import { checkTasks } from '../check/check-tasks.ts';
import type { CheckParts } from '../check/checked-trial.ts';
import { checkPage } from '../check/page.ts';
import { type CheckResult, holds } from '../check/proof.ts';
import { ProctorError } from '../errors.ts';
import { Mistakes } from '../library/mistake.ts';
import { repeatableTrial } from '../library/recorded-trial.ts';
import { type RunSetup, type SetupFlags, setUpTasks } from '../library/selection.ts';
import { findTargets } from '../library/target.ts';
import { newRunId } from '../trace/run-file.ts';
import { makeFolder } from './folder.ts';
import { onInterrupt } from './interrupt.ts';
import { openLog, serverLog } from './log.ts';
import { print, say } from './print.ts';
import { watchRun } from './progress.ts';

interface CheckFlags extends SetupFlags {
  concurrency: number;
  times: number;
  json?: boolean;
  proposeContract?: boolean;
  keep?: string | true;
}

/** `proctor check`: proves author's files in fresh sandboxes and says what to fix. */
export async function check(paths: string[], flags: CheckFlags): Promise<void> {
  const run = newRunId(new Date());
  const mistakes = new Mistakes();
  const targets = findTargets(paths, flags, mistakes.tell);
  const all = [...targets.environments, ...targets.tasks];
  mistakes.requireSome(all, say);
  if (typeof flags.keep === 'string') makeFolder(`--keep ${flags.keep}`, flags.keep);
  const setup = await setUpTasks(all, { ...flags, poolSize: flags.concurrency, runId: run, say });
  const dir = typeof flags.keep === 'string' ? flags.keep : mkdtempSync(join(tmpdir(), 'proctor-check-'));
  const interrupt = onInterrupt(say);
  const parts: CheckParts = {
    dir,
    run,
    provider: setup.provider,
    onServerMessage: serverLog(openLog(flags.log)),
    concurrency: flags.concurrency,
    times: flags.times,
    openRecordedTrial: repeatableTrial,
    signal: interrupt.signal,
    watch: (trials) => ({ ...watchRun(trials, process.stderr), ...quiet(process.stderr) }),
  };
  try {
    const usable = (some: typeof all) => some.filter((one) => setup.setups.includes(one));
    const checked = [
      ...(await checkEnvironments(usable(targets.environments), parts)),
      ...(await checkTasks(usable(targets.tasks), parts)),
    ];
    printProofs(checked, { ...setup, skipped: [...mistakes.skipped, ...setup.skipped] }, flags);
    if (flags.keep) say(`traces: ${dir}`);
    requireProofs(checked);
    mistakes.requireNone();
  } catch (error) {
    if (interrupt.signal.aborted)
      throw new ProctorError('interrupted', 'the check was stopped', { cause: error });
    throw error;
  } finally {
    interrupt.stop();
    await setup.provider.close();
    if (!flags.keep) rmSync(dir, { recursive: true, force: true });
  }
}

/** Where trials can't be redrawn in place, a line for each would be noise: a check makes hundreds. */
const quiet = (stream: NodeJS.WriteStream) => (stream.isTTY ? {} : { ended: () => {} });

function printProofs(
  checked: CheckResult[],
  { skipped, sandboxNote: sandbox }: RunSetup,
  { json, proposeContract = false }: CheckFlags,
): void {
  const document = { passed: checked.every(holds), sandbox, checked, skipped };
  print(
    json,
    document,
    (style) => `sandbox: ${sandbox}\n\n${checkPage(checked, skipped, style, proposeContract)}`,
  );
}

function requireProofs(checked: CheckResult[]): void {
  if (checked.length === 0) throw new ProctorError('gate-not-met', 'nothing was proved: all was skipped');
  const failed = checked.filter((one) => !holds(one)).map(({ name }) => name);
  if (failed.length > 0) throw new ProctorError('gate-not-met', `proofs failed for ${failed.join(', ')}`);
}
