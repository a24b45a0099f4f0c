import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Database } from '../../queue/database.ts';
import { claimTrial, failTrial, type Leased, takeBackLapsed } from '../../queue/lease.ts';
import { keepLeases } from '../../queue/lease-keeper.ts';
import { registerWorker, signOff } from '../../queue/workers.ts';
import type { SandboxProvider } from '../../sandbox/sandbox.ts';
import { proctorVersion } from '../../version.ts';
import { offersOf } from './plan-queued.ts';
import { runLeased } from './run-leased.ts';
import { openWorkerRun, type WorkerRun } from './worker-run.ts';

export interface WorkerParts {
  database: Database;
  provider: SandboxProvider;
  /** Trials at the same time. */
  capacity: number;
  labels: readonly string[];
  /** Seconds for which a trial is this worker's unless it renews. */
  leaseSeconds: number;
  /** Folder of its own: packs, and traces until they are committed. */
  dir: string;
  /** Ends it: trials under way are handed back. */
  signal: AbortSignal;
  note(line: string): void;
}

/** Milliseconds after which a worker that has nothing to do asks again. */
const lookEveryMs = 1000;

/** Takes trials from the queue and makes them until it is stopped. Throws `queue-unreachable` where it can't begin. */
export async function workQueue(parts: WorkerParts): Promise<void> {
  const { database, provider, capacity, labels, leaseSeconds, dir, signal, note } = parts;
  const worker = `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`;
  const offers = offersOf(provider.name, labels);
  const claimant = { worker, offers, leaseSeconds };
  await registerWorker(database, {
    ...{ id: worker, host: hostname(), pid: process.pid, version: proctorVersion, capacity, offers },
  });
  note(`${worker} waits for trials at ${database.place}, ${capacity} at a time, on ${provider.name}`);
  await using keeper = keepLeases(database, claimant);
  const runs = new Map<string, Promise<WorkerRun>>();
  const running = new Set<Promise<void>>();
  const runOf = (id: string): Promise<WorkerRun> => {
    const known = runs.get(id) ?? openWorkerRun(database, id, join(dir, 'packs'));
    runs.set(id, known);
    known.catch(() => runs.delete(id));
    return known;
  };
  const make = async (leased: Leased): Promise<void> => {
    const lost = keeper.hold(leased);
    const own = join(dir, 'trials', `${leased.run}-${leased.trial}-${leased.fence}`);
    try {
      await runLeased({ ...parts, leased, lost, dir: own, run: await runOf(leased.run) });
    } catch (error) {
      note(`${leased.trial}: ${messageOf(error)}`);
      if (!lost.aborted) await failTrial(database, leased, messageOf(error)).catch(() => {});
    } finally {
      keeper.drop(leased);
      rmSync(own, { recursive: true, force: true });
    }
  };
  try {
    while (!signal.aborted) {
      const leased = running.size < capacity ? await next(database, claimant, note) : undefined;
      if (leased) {
        const trial: Promise<void> = make(leased).finally(() => running.delete(trial));
        running.add(trial);
      } else {
        const waited = sleep(lookEveryMs, undefined, { signal }).catch(() => {});
        await (running.size < capacity ? waited : Promise.race([waited, ...running]));
      }
    }
  } finally {
    await Promise.all(running);
    for (const run of runs.values()) await run.then((one) => one.close()).catch(() => {});
    await signOff(database, worker, 'it was stopped').catch(() => {});
    await provider.close();
  }
}

/** The next trial; undefined where there is none, or the database can't be reached just now. */
async function next(
  database: Database,
  claimant: Parameters<typeof claimTrial>[1],
  note: (line: string) => void,
): Promise<Leased | undefined> {
  try {
    await takeBackLapsed(database);
    return await claimTrial(database, claimant);
  } catch (error) {
    note(messageOf(error));
    return undefined;
  }
}
