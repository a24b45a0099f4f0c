import { messageOf, ProctorError } from '../../errors.ts';
import { needsLeft } from '../../queue/need.ts';
import { openRuns } from '../../queue/status.ts';
import { requireUsable } from '../../store/require-usable.ts';
import { lacking } from './offer.ts';
import { openWorkerRun, type RunParts, type WorkerRun } from './worker-run.ts';

/** The runs that a worker takes trials of. */
export interface WorkerRuns {
  /** Opens those that were begun since, and closes those that are over. Throws `queue-unreachable`. */
  look(): Promise<void>;
  /** What this worker offers of them: the agents that it can open. */
  offers(): string[];
  /** Throws `not-found` where it is over. */
  get(run: string): WorkerRun;
  /** Whether a run's store works; where it does not, nothing is offered of the run until it does. */
  storeWorks(run: string): Promise<boolean>;
  close(): Promise<void>;
}

interface WorkerRunsParts extends RunParts {
  /** What this worker offers of itself. */
  offers: readonly string[];
}

/** Why a run is left to other workers, and when it is tried again. */
interface Trouble {
  why: string;
  times: number;
  againAt: number;
}

/** Milliseconds after which a run is tried again that was left to others: at first, and at most. */
const [firstPauseMs, lastPauseMs] = [1_000, 30_000];

export function workerRuns(parts: WorkerRunsParts): WorkerRuns {
  const { database, note, offers } = parts;
  const runs = new Map<string, WorkerRun>();
  const troubles = new Map<string, Trouble>();

  function leave(id: string, why: string): void {
    const { why: before, times = 0 } = troubles.get(id) ?? {};
    if (why !== before) note(`${id}: left to other workers: ${why}`);
    const pauseMs = Math.min(lastPauseMs, firstPauseMs * 2 ** times);
    troubles.set(id, { why, times: times + 1, againAt: performance.now() + pauseMs });
  }

  /** Opens a run, or tries again whether its store works. */
  async function open(id: string): Promise<void> {
    const known = runs.get(id);
    try {
      if (known) await requireUsable(known.store);
      else {
        const lacks = lacking((await needsLeft(database, id)) ?? [], offers);
        if (lacks.length > 0) return leave(id, `it needs ${lacks.join(' and ')}`);
        runs.set(id, await openWorkerRun(id, parts));
      }
      if (troubles.delete(id)) note(`${id}: trials of it are taken now`);
    } catch (error) {
      if (!(error instanceof ProctorError) || error.code === 'queue-unreachable') throw error;
      leave(id, error.message);
    }
  }

  const closeRun = async (id: string) => {
    const run = runs.get(id);
    runs.delete(id);
    await run?.close().catch((error) => note(`${id}: ${messageOf(error)}`));
  };

  return {
    async look() {
      const left = await openRuns(database);
      for (const id of runs.keys()) if (!left.includes(id)) await closeRun(id);
      for (const id of troubles.keys()) if (!left.includes(id)) troubles.delete(id);
      for (const id of left) {
        const { againAt } = troubles.get(id) ?? {};
        if (againAt === undefined ? !runs.has(id) : performance.now() >= againAt) await open(id);
      }
    },
    offers: () => [...runs].flatMap(([id, run]) => (troubles.has(id) ? [] : run.offers)),
    get(id) {
      const run = runs.get(id);
      if (!run) throw new ProctorError('not-found', `${id}: is over`);
      return run;
    },
    async storeWorks(id) {
      const run = runs.get(id);
      try {
        if (run) await requireUsable(run.store);
        return true;
      } catch (error) {
        leave(id, messageOf(error));
        return false;
      }
    },
    async close() {
      for (const id of [...runs.keys()]) await closeRun(id);
    },
  };
}
