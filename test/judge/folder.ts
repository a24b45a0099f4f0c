import { join } from 'node:path';
import type { NewTraceEvent } from '../../src/schema/trace-event.ts';
import { createTraceWriter } from '../../src/trace/writer.ts';
import { temporaryFolder } from '../folder.ts';
import { type MadeTrial, madeEvents } from '../scoring/trace-builder.ts';

/** Writes a made trial to the disk and gives its folder. */
export function recorded(made: MadeTrial): string {
  const run = temporaryFolder();
  const dir = join(run, 't1');
  const writer = createTraceWriter({ dir, bodiesDir: join(run, 'bodies'), secrets: {} });
  for (const { seq: _s, at: _a, mono: _m, prev: _p, ...event } of madeEvents(made))
    writer.append(event as NewTraceEvent);
  writer.close();
  return dir;
}
