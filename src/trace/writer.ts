import { join } from 'node:path';
import { makeFolders } from '../schema/author-folder.ts';
import { checked } from '../schema/checked.ts';
import { type NewTraceEvent, newTraceEvent, type TraceEvent } from '../schema/trace-event.ts';
import {
  type BodyReader,
  type BodyWriter,
  cachedBodyReader,
  createBodyCache,
  createBodyStore,
} from './body-store.ts';
import { sha256 } from './digest.ts';
import { createAppendFile, onDisk, syncPath } from './disk.ts';
import { traceFile } from './location.ts';
import { createSecrets, type Secrets } from './secret.ts';

/** The only way to write a trace. */
export interface TraceWriter {
  readonly bodies: BodyWriter;
  /** Reads what was written, secrets as they are. */
  readonly written: BodyReader;
  /** Writes one event with write(2) before it returns. Throws `disk-full` or `trace-write-failed`. */
  append(event: NewTraceEvent): TraceEvent;
  /** Begins fsync and does not wait for it; a failure is thrown by the next `append` or by `close`. */
  sync(): void;
  /** Closes the log, when it and its bodies are on the disk, and returns its head. */
  close(): { sha256: string; events: number };
}

export interface TraceWriterOptions {
  /** The trial's folder; made where it is missing. */
  dir: string;
  /** The run's folder of bodies; made where it is missing. */
  bodiesDir: string;
  /** Values that never reach the disk, by name; those under eight characters are not treated as secrets. */
  secrets: Readonly<Record<string, string>>;
  now?: () => Date;
  /** Whether an event repeats one of the parent trace. */
  inherited?: (event: NewTraceEvent) => boolean;
}

/** Begins a new trace. Throws `trace-write-failed` where the folder holds one already. */
export function createTraceWriter(options: TraceWriterOptions): TraceWriter {
  const { dir, now = () => new Date(), inherited = () => false } = options;
  const secrets = createSecrets(options.secrets);
  const cache = createBodyCache();
  const bodies = createBodyStore(options.bodiesDir, secrets, cache);
  onDisk(dir, () => makeFolders(dir));
  const log = createAppendFile(join(dir, traceFile));
  syncPath(dir);
  const began = performance.now();
  let seq = 0;
  let prev = '';

  function complete(event: NewTraceEvent): TraceEvent {
    const mono = Math.round((performance.now() - began) * 1000) / 1000;
    const blame = { code: 'trace-write-failed', where: 'event', root: event.type } as const;
    const mark = inherited(event) ? { inherited: true as const } : {};
    return { seq, at: now().toISOString(), mono, prev, ...mark, ...checked(newTraceEvent, event, blame) };
  }

  return {
    bodies,
    written: cachedBodyReader(options.bodiesDir, secrets, cache),
    append(event) {
      const { line, written } = lineOf(complete(event), secrets);
      const bytes = Buffer.from(`${line}\n`);
      log.write(bytes);
      prev = sha256(bytes.subarray(0, -1));
      seq += 1;
      return written;
    },
    sync() {
      bodies.flush();
      log.flush();
    },
    close() {
      bodies.sync();
      log.close();
      return { sha256: prev, events: seq };
    },
  };
}

/** An event as its line holds it. */
function lineOf(event: TraceEvent, { scrub }: Secrets): { line: string; written: TraceEvent } {
  const text = JSON.stringify(event);
  if (scrub(text) === text) return { line: text, written: event };
  const scrubbed = JSON.parse(text, (_, value) => (typeof value === 'string' ? scrub(value) : value));
  const line = scrub(JSON.stringify(scrubbed));
  return { line, written: JSON.parse(line) };
}
