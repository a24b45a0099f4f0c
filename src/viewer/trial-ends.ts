import { type TraceEventOf, traceEvent } from '../schema/trace-event.ts';
import { parseLine, readLastLine, readLines } from '../trace/line.ts';
import { locateTrace } from '../trace/location.ts';
import { upgradeFrom } from '../trace/upgrade.ts';

/** The first and the last event of a trace; absent where they are not written yet, or not whole. */
export interface TrialEnds {
  started?: TraceEventOf<'trial.started'>;
  ended?: TraceEventOf<'trial.ended'>;
}

/** Reads both ends of a trace and nothing between them. Throws `not-found`. */
export function readEnds(dir: string): TrialEnds {
  const { log } = locateTrace(dir);
  const first = firstLine(log);
  const started = startOf(first);
  const last = started && eventOf(readLastLine(log), first);
  return { ...(started && { started }), ...(last?.type === 'trial.ended' && { ended: last }) };
}

/** Reads the first event of a trace and no more. Throws `not-found`. */
export function readStart(dir: string): TrialEnds['started'] {
  return startOf(firstLine(locateTrace(dir).log));
}

function startOf(line: Buffer): TrialEnds['started'] {
  const first = eventOf(line, line);
  return first?.type === 'trial.started' ? first : undefined;
}

function firstLine(log: string): Buffer {
  for (const { bytes } of readLines(log)) return bytes;
  return Buffer.alloc(0);
}

function eventOf(line: Buffer, first: Buffer) {
  const event = parseLine(line);
  const version = parseLine(first)?.version;
  return event && version !== undefined ? traceEvent.safeParse(upgradeFrom(version)(event)).data : undefined;
}
