import { setImmediate } from 'node:timers/promises';
import { unlessFailed } from '../errors.ts';
import type { Body } from '../schema/body.ts';
import type { Step, Trial } from '../schema/trial.ts';
import type { BodyReader } from '../trace/body-store.ts';
import { createFold, type Fold } from '../trace/fold.ts';
import { locateTrace } from '../trace/location.ts';
import { openTrace, type TraceFile } from '../trace/trace-file.ts';
import type { StepRow } from './api.ts';
import { stepRow } from './step-row.ts';

/** Events belong to one of this many last steps; earlier ones are kept as lines only. */
const openSteps = 2;

/** Milliseconds that are read in one go before others are served. */
const readMs = 12;

/** A trial as far as it is written: a line for each step, and all that is not of a step. Grows with its file. */
export class TrialIndex {
  readonly file: TraceFile;
  readonly rows: StepRow[] = [];
  /** JSON of the state before the first step; null where there is none. */
  initial: Body | null = null;
  readonly #fold: Fold;
  /** How many rows can't change any more. */
  #settled = 0;
  #reading: Promise<boolean> | undefined;

  constructor(dir: string) {
    this.file = openTrace(dir);
    this.#fold = createFold(lenient(this.file.bodies));
  }

  /** Without its steps, but for the last ones. Throws `bad-trace` where nothing is written yet. */
  get trial(): Trial {
    return this.#fold.trial;
  }

  /** Takes in what was written since; true where there was something. */
  refresh(): Promise<boolean> {
    this.#reading ??= this.#takeNew().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #takeNew(): Promise<boolean> {
    let taken = false;
    let since = performance.now();
    for (const event of this.file.refresh()) {
      this.#fold.add(event);
      const { steps } = this.trial;
      for (const step of steps.splice(0, steps.length - openSteps)) this.#put(this.#settled++, step);
      if (event.type === 'state.observed' && event.step === undefined) this.initial = event.value ?? null;
      taken = true;
      if (performance.now() - since < readMs) continue;
      await setImmediate();
      since = performance.now();
    }
    if (taken) {
      for (const [offset, step] of this.trial.steps.entries()) this.#put(this.#settled + offset, step);
      delete this.trial.initial?.value;
    }
    return taken;
  }

  #put(row: number, step: Step): void {
    this.rows[row] = stepRow(step, Date.parse(this.trial.started.at));
  }
}

export async function indexTrial(dir: string): Promise<TrialIndex> {
  const index = new TrialIndex(dir);
  await index.refresh();
  return index;
}

/** A body that is lost does not keep the rest from being looked at. */
function lenient(bodies: BodyReader): BodyReader {
  return { ...bodies, json: (body) => unlessFailed(() => bodies.json(body)) ?? [] };
}

/** Trials whose index is kept; the one not asked for longest goes first. */
const places = 6;

/** The index of the trace in a folder, with what was written since the last time. Throws `not-found`. */
export type IndexCache = (dir: string) => Promise<TrialIndex>;

export function createIndexCache(): IndexCache {
  const cache = new Map<string, Promise<TrialIndex>>();
  return async (dir) => {
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
  };
}
