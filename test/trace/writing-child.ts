import { writeSync } from 'node:fs';
import { messageOf, ProctorError } from '../../src/errors.ts';
import { createTraceWriter } from '../../src/trace/writer.ts';
import { toolReturned, trialStarted } from './sample-events.ts';

/** Appends events to `<run>/<trial>` until it is killed or fails, and prints the number of each after it was written. */
const [run = '', trial = ''] = process.argv.slice(2);
const writer = createTraceWriter({ dir: `${run}/${trial}`, bodiesDir: `${run}/bodies`, secrets: {} });

try {
  writer.append(trialStarted(writer, trial));
  for (let step = 0; ; step += 1) {
    const text = `${step} `.repeat(step % 700 === 0 ? 3000 : step % 700);
    const { seq } = writer.append(toolReturned(writer, `${step}.0`, [{ type: 'text', text }]));
    writeSync(1, `${seq}\n`);
  }
} catch (error) {
  writeSync(1, `${error instanceof ProctorError ? error.code : 'unknown'} ${messageOf(error)}\n`);
}
