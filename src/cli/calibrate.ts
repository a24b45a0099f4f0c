import { writeFileSync } from 'node:fs';
import { calibrate } from '../calibration/calibrate.ts';
import { selectSets } from '../comparison/select-set.ts';
import { isScored } from '../comparison/trial-set.ts';
import { messageOf, ProctorError } from '../errors.ts';
import { renderBank } from '../report/bank.ts';
import { asJson, print, say } from './print.ts';

interface CalibrateFlags {
  out: string;
  output: string;
  task: string[];
  tag: string[];
  agent: string[];
  json?: boolean;
}

/** `proctor calibrate`: fits difficulties of tasks to recorded runs, and writes them into a file. */
export function calibrateRuns(selectors: readonly string[], flags: CalibrateFlags): void {
  const { out, output, task, tag, agent, json } = flags;
  const sets = selectSets(selectors, out, { task, tag, agent });
  const trials = [...new Map(sets.flatMap((set) => set.trials).map((one) => [one.dir, one])).values()];
  for (const { trial, message } of sets.flatMap(({ unreadable }) => unreadable))
    say(`${trial} is left out: ${message}`);
  if (!trials.some(isScored)) throw new ProctorError('nothing-scored', 'no trial of these runs was scored');
  const bank = calibrate(trials);
  try {
    writeFileSync(output, asJson(bank));
  } catch (error) {
    throw new ProctorError('bad-flag', `--output ${output}: ${messageOf(error)}`, { cause: error });
  }
  print(json, bank, (style) => `${renderBank(bank, style)}\nwritten to ${output}\n`);
}
