import { ProctorError } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { type TraceEvent, traceEvent } from '../schema/trace-event.ts';
import { createBodyReader } from './body-reader.ts';
import { parseLine, readLastLine, readLines } from './line.ts';
import { locateTrace } from './location.ts';
import { linesAroundStep } from './seek.ts';
import type { BodyReader } from './trace.ts';
import { type Upgrade, upgradeFrom } from './upgrade.ts';

export interface Trace {
  /** The trial's folder. */
  dir: string;
  /**
   * Read from the disk anew, piece by piece, each time they are iterated.
   * A torn last line is left out; a broken one before it throws `bad-trace` with file and line.
   */
  events: Iterable<TraceEvent>;
  /** Whether the last line was only half written. */
  readonly torn: boolean;
  bodies: BodyReader;
}

export interface ReadTraceOptions {
  /** Values to put back in bodies, by name. */
  secrets?: Readonly<Record<string, string>>;
}

/** Opens a trace by its folder or its `trace.jsonl`. Throws `not-found`. The digest chain is not checked: see `verifyChain`. */
export function readTrace(path: string, options: ReadTraceOptions = {}): Trace {
  const { dir, log, bodies } = locateTrace(path);
  return {
    dir,
    events: { [Symbol.iterator]: () => readEvents(log) },
    get torn() {
      return isTorn(log);
    },
    bodies: createBodyReader(bodies, options.secrets),
  };
}

/**
 * The events before the first step, those of one step, and those after the last; what lies between is not read.
 * Throws `not-found`, and `bad-trace` with file and byte.
 */
export function readAroundStep(path: string, step: number): TraceEvent[] {
  const { log } = locateTrace(path);
  const lines = linesAroundStep(log, step);
  const upgrade = upgradeOf(lines[0]?.event ?? {}, log);
  return lines.map(({ event, offset }) => validated(upgrade(event), `${log}: byte ${offset}`));
}

function* readEvents(log: string): Generator<TraceEvent, void, undefined> {
  let upgrade: Upgrade | undefined;
  for (const line of readLines(log)) {
    const raw = parseLine(line.bytes);
    if (raw === undefined) {
      if (line.last) return;
      throw new ProctorError('bad-trace', `${log}:${line.number}: expected a JSON object on this line`);
    }
    upgrade ??= upgradeOf(raw, log);
    yield validated(upgrade(raw), `${log}:${line.number}`);
  }
}

function upgradeOf(first: JsonObject, log: string): Upgrade {
  try {
    return upgradeFrom(first.version);
  } catch (error) {
    if (!(error instanceof ProctorError)) throw error;
    throw new ProctorError(error.code, `${log}:1: ${error.message}`, { cause: error });
  }
}

function validated(raw: JsonObject, where: string): TraceEvent {
  const result = traceEvent.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = [String(raw.type), ...(issue?.path ?? [])].join('.');
  throw new ProctorError('bad-trace', `${where}: ${at}: ${issue?.message ?? 'not a trace event'}`);
}

function isTorn(log: string): boolean {
  const last = readLastLine(log);
  return last.length > 0 && parseLine(last) === undefined;
}
