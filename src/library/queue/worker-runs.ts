import { messageOf, ProctorError } from '../../errors.ts';
import { openRuns } from '../../queue/status.ts';
import { openWorkerRun, type RunParts, type WorkerRun } from './worker-run.ts';

/** The runs that a worker takes trials of. */
export interface WorkerRuns {
  /** Opens those that were begun since, and closes those that are over. Throws `queue-unreachable`. */
  look(): Promise<void>;
  /** What this worker offers of them: the agents that it can open. */
  offers(): string[];
  /** Throws `not-found` where it is over. */
  get(run: string): WorkerRun;
  close(): Promise<void>;
}

export function workerRuns(parts: RunParts): WorkerRuns {
  const { database, note } = parts;
  const runs = new Map<string, WorkerRun>();
  const troubles = new Map<string, string>();
  async function open(id: string): Promise<void> {
    try {
      runs.set(id, await openWorkerRun(id, parts));
    } catch (error) {
      if (!(error instanceof ProctorError) || error.code === 'queue-unreachable') throw error;
      if (troubles.get(id) !== error.message) note(`${id}: left to other workers: ${error.message}`);
      troubles.set(id, error.message);
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
      for (const id of left) if (!runs.has(id)) await open(id);
    },
    offers: () => [...runs.values()].flatMap(({ offers }) => offers),
    get(id) {
      const run = runs.get(id);
      if (!run) throw new ProctorError('not-found', `${id}: is over`);
      return run;
    },
    async close() {
      for (const id of [...runs.keys()]) await closeRun(id);
    },
  };
}
