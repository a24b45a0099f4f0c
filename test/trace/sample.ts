import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createTraceWriter, type TraceWriterOptions } from '../../src/trace/writer.ts';
import { writeSampleEvents } from './sample-events.ts';

/** A folder that is gone after the tests of a file. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-trace-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A writer in `<run>/<trial>` with the bodies beside it. */
export function openWriter(runDir: string, trial: string, more: Partial<TraceWriterOptions> = {}) {
  const dir = join(runDir, trial);
  return { dir, ...createTraceWriter({ dir, bodiesDir: join(runDir, 'bodies'), secrets: {}, ...more }) };
}

/** A whole trial of eight steps on disk. */
export function writeSample(runDir: string, trial: string, more: Partial<TraceWriterOptions> = {}) {
  const writer = openWriter(runDir, trial, more);
  writeSampleEvents(writer, trial);
  const log = join(writer.dir, 'trace.jsonl');
  const head = writer.close();
  return { dir: writer.dir, log, head, bytes: readFileSync(log) };
}
