import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPage } from '../check/page.ts';
import { holds } from '../check/proof.ts';
import { ProctorError } from '../errors.ts';
import { type Checked, type CheckOptions, check } from '../library/check.ts';
import type { SetupOptions } from '../library/selection.ts';
import { makeFolder } from './folder.ts';
import { onInterrupt } from './interrupt.ts';
import { openLog, serverLog } from './log.ts';
import { print, say } from './print.ts';
import { watchRun } from './progress.ts';

interface CheckFlags extends SetupOptions, Pick<CheckOptions, 'instances' | 'instanceSeed' | 'perturb'> {
  concurrency: number;
  times: number;
  json?: boolean;
  proposeContract?: boolean;
  keep?: string | true;
  log?: string;
}

/** `proctor check`: proves author's files in fresh sandboxes and says what to fix. */
export async function checkFiles(paths: string[], { keep: kept, ...flags }: CheckFlags): Promise<void> {
  if (typeof kept === 'string') makeFolder(`--keep ${kept}`, kept);
  const keep = kept === true ? mkdtempSync(join(tmpdir(), 'proctor-check-')) : kept;
  const interrupt = onInterrupt(say);
  try {
    const checked = await check(paths, {
      ...flags,
      ...(keep !== undefined && { keep }),
      say,
      signal: interrupt.signal,
      onServerMessage: serverLog(openLog(flags.log)),
      watchTrials: (trials) => ({ ...watchRun(trials, process.stderr), ...quiet(process.stderr) }),
    });
    printProofs(checked, flags);
    if (keep !== undefined) say(`traces: ${keep}`);
    requireProofs(checked);
  } finally {
    interrupt.stop();
  }
}

/** Where trials can't be redrawn in place, a line for each would be noise: a check makes hundreds. */
const quiet = (stream: NodeJS.WriteStream) => (stream.isTTY ? {} : { ended: () => {} });

function printProofs(
  { mistakes: _, ...document }: Checked,
  { json, proposeContract = false }: Pick<CheckFlags, 'json' | 'proposeContract'>,
): void {
  const { sandbox, checked, skipped } = document;
  print(
    json,
    document,
    (style) => `sandbox: ${sandbox}\n\n${checkPage(checked, skipped, style, proposeContract)}`,
  );
}

function requireProofs({ checked, mistakes: [mistake] }: Checked): void {
  if (checked.length === 0) throw new ProctorError('gate-not-met', 'nothing was proved: all was skipped');
  const failed = checked.filter((one) => !holds(one)).map(({ name }) => name);
  if (failed.length > 0) throw new ProctorError('gate-not-met', `proofs failed for ${failed.join(', ')}`);
  if (mistake) throw mistake;
}
