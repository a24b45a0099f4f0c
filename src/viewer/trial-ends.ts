import { type TraceEventOf, traceEvent } from '../schema/trace-event.ts';
import { parseLine, readLastLine, readLines } from '../trace/line.ts';
import { locateTrace } from '../trace/location.ts';

/** The first and the last event of a trace; absent where they are not written yet, or not whole. */
export interface TrialEnds {
  started?: TraceEventOf<'trial.started'>;
  ended?: TraceEventOf<'trial.ended'>;
}

/** Reads both ends of a trace and nothing between them. Throws `not-found`. */
export function readEnds(dir: string): TrialEnds {
  const started = readStart(dir);
  const last = eventOf(readLastLine(locateTrace(dir).log));
  return { ...(started && { started }), ...(last?.type === 'trial.ended' && { ended: last }) };
}

/** Reads the first event of a trace and no more. Throws `not-found`. */
export function readStart(dir: string): TrialEnds['started'] {
  const first = eventOf(firstLine(locateTrace(dir).log));
  return first?.type === 'trial.started' ? first : undefined;
}

function firstLine(log: string): Buffer {
  for (const { bytes } of readLines(log)) return bytes;
  return Buffer.alloc(0);
}

function eventOf(line: Buffer) {
  return traceEvent.safeParse(parseLine(line)).data;
}
