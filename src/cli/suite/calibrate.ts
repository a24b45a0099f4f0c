import { writeFileSync } from 'node:fs';
import { calibrate } from '../../calibration/calibrate.ts';
import { messageOf, ProctorError } from '../../errors.ts';
import { renderBank } from '../../report/bank.ts';
import { asJson, print } from '../print.ts';
import { type RecordedFlags, recordedTrials } from './recorded.ts';

interface CalibrateFlags extends RecordedFlags {
  output: string;
  json?: boolean;
}

/** `proctor calibrate`: fits difficulties of tasks to recorded runs, and writes them into a file. */
export function calibrateRuns(selectors: readonly string[], flags: CalibrateFlags): void {
  const { output, json } = flags;
  const bank = calibrate(recordedTrials(selectors, flags));
  try {
    writeFileSync(output, asJson(bank));
  } catch (error) {
    throw new ProctorError('bad-flag', `--output ${output}: ${messageOf(error)}`, { cause: error });
  }
  print(json, bank, (style) => `${renderBank(bank, style)}\nwritten to ${output}\n`);
}
