import { setImmediate } from 'node:timers/promises';
import { ProctorError } from '../errors.ts';
import type { Body } from '../schema/body.ts';
import type { Trial } from '../schema/trial.ts';
import type { BodyReader } from '../trace/body-store.ts';
import { createFold } from '../trace/fold.ts';
import { locateTrace } from '../trace/location.ts';
import { openTrace, type TraceFile } from '../trace/trace-file.ts';
import type { StepRow } from './api.ts';
import { stepRow } from './step-row.ts';

/** A trial as far as it is written: a line for each step, and all that is not of a step. Grows with its file. */
export interface TrialIndex {
  readonly file: TraceFile;
  readonly rows: readonly StepRow[];
  /** Without its steps, but for the last ones. Throws `bad-trace` where nothing is written yet. */
  readonly trial: Trial;
  /** JSON of the state before the first step; null where there is none. */
  readonly initial: Body | null;
  /** Takes in what was written since; true where there was something. */
  refresh(): Promise<boolean>;
}

/** Events belong to one of this many last steps; earlier ones are kept as lines only. */
const openSteps = 2;

/** Milliseconds that are read in one go before others are served. */
const readMs = 12;

export async function indexTrial(dir: string): Promise<TrialIndex> {
  const file = openTrace(dir);
  const fold = createFold(lenient(file.bodies));
  const rows: StepRow[] = [];
  /** How many rows can't change any more. */
  let settled = 0;
  let initial: Body | null = null;
  let reading: Promise<boolean> | undefined;

  function settleBut(open: number): void {
    const { steps, started } = fold.trial;
    const began = Date.parse(started.at);
    for (const step of steps.splice(0, steps.length - open)) rows[settled++] = stepRow(step, began);
  }

  function updateRows(): void {
    const { steps, started, initial: state } = fold.trial;
    for (const [offset, step] of steps.entries())
      rows[settled + offset] = stepRow(step, Date.parse(started.at));
    delete state?.value;
  }

  async function takeNew(): Promise<boolean> {
    let taken = false;
    let since = performance.now();
    for (const event of file.refresh()) {
      fold.add(event);
      if (fold.trial.steps.length > openSteps) settleBut(openSteps);
      if (event.type === 'state.observed' && event.step === undefined) initial = event.value ?? null;
      taken = true;
      if (performance.now() - since < readMs) continue;
      await setImmediate();
      since = performance.now();
    }
    if (taken) updateRows();
    return taken;
  }

  const index: TrialIndex = {
    file,
    rows,
    get trial() {
      return fold.trial;
    },
    get initial() {
      return initial;
    },
    refresh() {
      reading ??= takeNew().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
  await index.refresh();
  return index;
}

/** A body that is lost does not keep the rest from being looked at. */
function lenient(bodies: BodyReader): BodyReader {
  return {
    ...bodies,
    json(body) {
      try {
        return bodies.json(body);
      } catch (error) {
        if (error instanceof ProctorError) return [];
        throw error;
      }
    },
  };
}

/** Trials whose index is kept; the one not asked for longest goes first. */
const places = 6;

export interface IndexCache {
  /** The index of the trace in a folder, with what was written since the last time. Throws `not-found`. */
  index(dir: string): Promise<TrialIndex>;
}

export function createIndexCache(): IndexCache {
  const cache = new Map<string, Promise<TrialIndex>>();
  return {
    async index(dir) {
      const { log } = locateTrace(dir);
      const known = cache.get(log);
      const index = known ?? indexTrial(log);
      cache.delete(log);
      cache.set(log, index);
      for (const oldest of [...cache.keys()].slice(0, -places)) cache.delete(oldest);
      try {
        const opened = await index;
        if (known) await opened.refresh();
        return opened;
      } catch (error) {
        cache.delete(log);
        throw error;
      }
    },
  };
}
