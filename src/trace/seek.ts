import { statSync } from 'node:fs';
import type { JsonObject } from '../schema/json.ts';
import { parseLine, readLines } from './line.ts';

/** An event as it stands in a log, and the byte it begins at. */
interface PlacedEvent {
  event: JsonObject;
  offset: number;
}

/** Types that a step's successor has only once the step itself is over. */
const begunTypes = new Set(['policy.judged', 'tool.called', 'step.finished']);

/**
 * The events before the first step, those of one step, and those after the last. Steps stand in order but for probes,
 * which may be answered while the next decision is awaited, so they are found by halving the log.
 */
export function linesAroundStep(log: string, step: number): PlacedEvent[] {
  return [...before(log), ...ofStep(log, step), ...eventsFrom(log, firstFrom(log, Number.POSITIVE_INFINITY))];
}

function* before(log: string): Generator<PlacedEvent> {
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
function* eventsFrom(log: string, offset: number): Generator<PlacedEvent> {
  let at = Math.max(0, offset - 1);
  let whole = offset === 0;
  for (const { bytes } of readLines(log, at)) {
    const event = whole ? parseLine(bytes) : undefined;
    if (event) yield { event, offset: at };
    whole = true;
    at += bytes.length + 1;
  }
}

function stepOf({ event }: PlacedEvent): number | undefined {
  return typeof event.step === 'number' ? event.step : undefined;
}
