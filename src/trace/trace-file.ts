import { statSync } from 'node:fs';
import { ProctorError } from '../errors.ts';
import { checked } from '../schema/checked.ts';
import type { JsonObject } from '../schema/json.ts';
import { type TraceEvent, type TraceEventOf, traceEvent } from '../schema/trace-event.ts';
import { type BodyReader, createBodyReader } from './body-store.ts';
import { type Line, parseLine, readLastLine, readLines } from './line.ts';
import { locateTrace } from './location.ts';
import { type Upgrade, upgradeFrom } from './upgrade.ts';

export interface ReadTraceOptions {
  /** Values to put back in bodies, by name. */
  secrets?: Readonly<Record<string, string>>;
}

/** Opens a trace by its folder or its `trace.jsonl`. Throws `not-found`. The digest chain is not checked: see `verifyChain`. */
export function openTrace(path: string, options: ReadTraceOptions = {}): TraceFile {
  return new TraceFile(path, options);
}

/**
 * A trace on disk. Nothing of the log is held in memory: it is read anew, piece by piece, by each method, and all of them
 * give whole events of the newest version. What cannot be read throws `bad-trace` with file and line or byte.
 */
export class TraceFile {
  /** The trial's folder. */
  readonly dir: string;
  readonly log: string;
  /** Folder of the bodies. */
  readonly bodiesDir: string;
  readonly bodies: BodyReader;
  #upgrade: Upgrade | undefined;
  /** Bytes that `refresh` has given. */
  #taken = 0;

  constructor(path: string, { secrets }: ReadTraceOptions = {}) {
    const { dir, log, bodies } = locateTrace(path);
    this.dir = dir;
    this.log = log;
    this.bodiesDir = bodies;
    this.bodies = createBodyReader(bodies, secrets);
  }

  /** Undefined where it is not written yet, or not whole. */
  get first(): TraceEventOf<'trial.started'> | undefined {
    for (const event of this.events) return event.type === 'trial.started' ? event : undefined;
    return undefined;
  }

  /** Undefined where there is none, or it was only half written. */
  get last(): TraceEvent | undefined {
    const raw = parseLine(readLastLine(this.log));
    return raw && this.#event(raw, `${this.log}: the last line`);
  }

  /** Whether the last line was only half written. */
  get torn(): boolean {
    const last = readLastLine(this.log);
    return last.length > 0 && parseLine(last) === undefined;
  }

  /** All events, read anew each time they are iterated. A torn last line is left out. */
  get events(): Iterable<TraceEvent> {
    return { [Symbol.iterator]: () => this.#read() };
  }

  *#read(): Generator<TraceEvent, void, undefined> {
    for (const line of this.lines()) {
      const event = this.eventOn(line);
      if (event) yield event;
      else if (line.last) return;
      else throw noEvent(`${this.log}:${line.number}`);
    }
  }

  /** The lines of the log, as they were written. */
  lines(): Iterable<Line> {
    return readLines(this.log);
  }

  /** The event on one of `lines`; undefined where the line is not whole. */
  eventOn({ bytes, number }: Line): TraceEvent | undefined {
    const raw = parseLine(bytes);
    return raw && this.#event(raw, `${this.log}:${number}`);
  }

  /** The events that were written since it was asked for them before, as far as their lines are whole. */
  *refresh(): Generator<TraceEvent, void, undefined> {
    for (const { bytes, offset, complete, last } of readLines(this.log, this.#taken)) {
      const where = `${this.log}: byte ${offset}`;
      const raw = complete ? parseLine(bytes) : undefined;
      if (!raw && last) return;
      if (!raw) throw noEvent(where);
      this.#taken = offset + bytes.length + 1;
      yield this.#event(raw, where);
    }
  }

  /**
   * The events before the first step, those of one step, and those after the last; what lies between is not read. Steps
   * stand in order but for probes, which may be answered while the next decision is awaited, so the log is halved.
   */
  step(step: number): TraceEvent[] {
    const after = eventsFrom(this.log, firstFrom(this.log, Number.POSITIVE_INFINITY));
    const placed = [...beforeSteps(this.log), ...ofStep(this.log, step), ...after];
    return placed.map(({ event, offset }) => this.#event(event, `${this.log}: byte ${offset}`));
  }

  #event(raw: JsonObject, where: string): TraceEvent {
    this.#upgrade ??= this.#upgradeOfLog(raw.type === 'trial.started' ? raw : undefined);
    return checked(traceEvent, this.#upgrade(raw), { code: 'bad-trace', where, root: String(raw.type) });
  }

  #upgradeOfLog(started: JsonObject | undefined): Upgrade {
    try {
      const [first] = started ? [] : readLines(this.log);
      return upgradeFrom((started ?? (first && parseLine(first.bytes)))?.version);
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      throw new ProctorError(error.code, `${this.log}:1: ${error.message}`, { cause: error });
    }
  }
}

function noEvent(where: string): ProctorError {
  return new ProctorError('bad-trace', `${where}: expected a JSON object on this line`);
}

/** An event as it stands in a log, and the byte it begins at. */
interface PlacedEvent {
  event: JsonObject;
  offset: number;
}

/** Types that a step's successor has only once the step itself is over. */
const begunTypes = new Set(['policy.judged', 'tool.called', 'step.finished']);

function* beforeSteps(log: string): Generator<PlacedEvent> {
  for (const placed of eventsFrom(log, 0)) {
    if (stepOf(placed) !== undefined) return;
    yield placed;
  }
}

function* ofStep(log: string, step: number): Generator<PlacedEvent> {
  for (const placed of eventsFrom(log, firstFrom(log, step - 1))) {
    const at = stepOf(placed) ?? step;
    if (at > step + 1 || (at === step + 1 && begunTypes.has(String(placed.event.type)))) return;
    if (stepOf(placed) === step) yield placed;
  }
}

/** The first byte from which on the next event of any step is of `step` or a later one. */
function firstFrom(log: string, step: number): number {
  let low = 0;
  let high = statSync(log).size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (nextStep(log, middle) >= step) high = middle;
    else low = middle + 1;
  }
  return low;
}

function nextStep(log: string, offset: number): number {
  for (const placed of eventsFrom(log, offset)) {
    const step = stepOf(placed);
    if (step !== undefined) return step;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whole events that begin at a byte or after it. */
function* eventsFrom(log: string, from: number): Generator<PlacedEvent> {
  const lines: Iterable<Line> = readLines(log, Math.max(0, from - 1));
  let whole = from === 0;
  for (const { bytes, offset } of lines) {
    const event = whole ? parseLine(bytes) : undefined;
    if (event) yield { event, offset };
    whole = true;
  }
}

function stepOf({ event }: PlacedEvent): number | undefined {
  return typeof event.step === 'number' ? event.step : undefined;
}
