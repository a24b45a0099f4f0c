import { ProctorError } from '../errors.ts';
import { type ForkOptions, fork } from '../library/fork.ts';
import { executed } from './execute-run.ts';
import { say } from './print.ts';
import { printResult } from './result.ts';

interface ForkFlags extends ForkOptions {
  json?: boolean;
  log?: string;
}

/** `proctor fork`: repeats a recorded trial up to a step, and lets another agent continue from there. */
export async function forkRecorded(reference: string, flags: ForkFlags): Promise<void> {
  const result = await fork(reference, { ...flags, say, execute: executed(flags) });
  const heading = `fork of ${result.parent} after step ${result.at}`;
  printResult(result, { json: flags.json, heading });
  const { trials } = result;
  const diverged = trials.find(({ score }) => score.outcome === 'diverged');
  if (diverged?.error) throw new ProctorError('diverged', diverged.error.message);
}
