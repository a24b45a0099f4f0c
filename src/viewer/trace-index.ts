import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { ProctorError } from '../errors.ts';
import { type TraceEvent, traceEvent } from '../schema/trace-event.ts';
import { upgradeFrom } from '../trace/upgrade.ts';
import type { StepRow } from './api.ts';
import { createStepRows } from './step-row.ts';

const chunkSize = 1024 * 1024;

/** Where a line stands in its file. */
export interface Place {
  offset: number;
  length: number;
}

/** Where the events of a trace stand, so that one step is read without the others. Grows with the file. */
export interface TraceIndex {
  readonly log: string;
  readonly rows: readonly StepRow[];
  /** Events of no step, in order; the first is `trial.started`. */
  readonly outside: readonly Place[];
  readonly ended: boolean;
  /** Takes in what was written since; true where there was something. */
  refresh(): Promise<boolean>;
  /** Places of a step's events, in order. */
  placesOf(step: number): readonly Place[];
  /** Reads whole events; throws `bad-trace`. */
  read(places: readonly Place[]): Promise<TraceEvent[]>;
}

export async function indexTrace(log: string): Promise<TraceIndex> {
  const { rows, add } = createStepRows();
  const outside: Place[] = [];
  const ofStep = new Map<number, Place[]>();
  let size = 0;
  let version: unknown;
  let ended = false;
  let reading: Promise<boolean> | undefined;

  function placesFor(step: number | undefined): Place[] {
    if (step === undefined) return outside;
    const known = ofStep.get(step) ?? [];
    ofStep.set(step, known);
    return known;
  }

  function take(line: Buffer, offset: number): boolean {
    const event = eventOn(line);
    if (event === undefined) return false;
    version ??= (event as { version?: unknown }).version;
    const place = { offset, length: line.length };
    const step = 'step' in event ? event.step : undefined;
    placesFor(step).push(place);
    add(upgradeFrom(version)(event as never) as unknown as TraceEvent);
    if (event.type === 'trial.ended') ended = true;
    return true;
  }

  async function takeNew(): Promise<boolean> {
    const before = size;
    const file = await open(log);
    try {
      for await (const { line, offset, next } of linesFrom(file, size)) {
        if (!take(line, offset)) break;
        size = next;
      }
    } finally {
      await file.close();
    }
    return size > before;
  }

  const index: TraceIndex = {
    log,
    rows,
    outside,
    get ended() {
      return ended;
    },
    refresh() {
      reading ??= takeNew().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    placesOf: (step) => ofStep.get(step) ?? [],
    async read(places) {
      const file = await open(log);
      try {
        const events: TraceEvent[] = [];
        for (const place of places) events.push(await eventAt(file, place, version, log));
        return events;
      } finally {
        await file.close();
      }
    },
  };
  await index.refresh();
  return index;
}

/** Whole lines from an offset on, with a rest between chunks for others to be served; a line lasts until the next one is asked for. */
async function* linesFrom(
  file: FileHandle,
  from: number,
): AsyncGenerator<{ line: Buffer; offset: number; next: number }> {
  let buffer = Buffer.allocUnsafe(chunkSize);
  let kept = 0;
  let offset = from;
  for (;;) {
    if (kept === buffer.length) buffer = Buffer.concat([buffer], 2 * kept);
    const { bytesRead } = await file.read(buffer, kept, buffer.length - kept, offset + kept);
    if (bytesRead === 0) return;
    const text = buffer.subarray(0, kept + bytesRead);
    let start = 0;
    for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, start)) {
      const next = offset + end - start + 1;
      yield { line: text.subarray(start, end), offset, next };
      offset = next;
      start = end + 1;
    }
    kept = text.copy(buffer, 0, start);
    await setImmediate();
  }
}

/** Undefined where a line is no event yet, such as one that is half written. */
function eventOn(line: Buffer): TraceEvent | undefined {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function eventAt(
  file: FileHandle,
  { offset, length }: Place,
  version: unknown,
  log: string,
): Promise<TraceEvent> {
  const line = Buffer.allocUnsafe(length);
  await file.read(line, 0, length, offset);
  const raw = eventOn(line);
  const result = raw && traceEvent.safeParse(upgradeFrom(version)(raw as never));
  if (result?.success) return result.data;
  const issue = result?.error.issues[0];
  throw new ProctorError('bad-trace', `${log}: byte ${offset}: ${issue?.message ?? 'expected an event'}`);
}
