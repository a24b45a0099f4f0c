import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tellActivity } from '../../queue/activity.ts';
import type { Leased } from '../../queue/lease.ts';
import { keepLeases } from '../../queue/lease-keeper.ts';
import { registerWorker, signOff } from '../../queue/workers.ts';
import { proctorVersion } from '../../version.ts';
import { activityLog } from './activity.ts';
import { claimer } from './claimer.ts';
import { offersOf } from './offer.ts';
import { type TrialMaker, trialMaker } from './trial-maker.ts';
import { removeLeft } from './worker-folder.ts';
import type { WorkerParts } from './worker-parts.ts';
import { workerRuns } from './worker-runs.ts';

/** Milliseconds after which a worker that has nothing to do asks again. */
const lookEveryMs = 1000;

/** Milliseconds after which a worker says again what it does. */
const tellEveryMs = 2000;

/**
 * Takes trials from the queue and makes them until it is stopped. Throws `queue-unreachable` where it can't begin, and where its disk is full or its
 * engine gone that, when it has handed back what is under way.
 */
export async function workQueue(parts: WorkerParts): Promise<void> {
  const { database, provider, capacity, labels, leaseSeconds, dir, note, watch } = parts;
  const worker = `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`;
  const offers = offersOf(provider.name, labels);
  const row = { id: worker, host: hostname(), pid: process.pid, version: proctorVersion, capacity, offers };
  await registerWorker(database, row);
  watch?.began(row);
  const activity = activityLog(watch?.phaseEnded);
  watch?.stands(activity.now);
  note(`${worker} waits for trials at ${database.place}, ${capacity} at a time, on ${provider.name}`);
  const claimant = { worker, offers, leaseSeconds };
  await using keeper = keepLeases(database, claimant);
  const runs = workerRuns({ database, packs: join(dir, 'packs'), offers, note, watch });
  const maker = trialMaker({ ...parts, worker, keeper, runs, activity });
  const next = claimer({ database, provider, claimant, runs, lookEveryMs, note });
  const tell = () => void tellActivity(database, worker, activity.now()).catch(() => {});
  const telling = setInterval(tell, tellEveryMs);
  try {
    await provider.reap();
    await removeLeft(join(dir, 'trials'));
    await makeAll(next, maker, capacity);
  } finally {
    clearInterval(telling);
    await runs.close();
    await rm(join(dir, 'trials', worker), { recursive: true, force: true }).catch(() => {});
    await signOff(database, worker, maker.failure()?.message ?? 'it was stopped').catch(() => {});
    await provider.close();
  }
  const failure = maker.failure();
  if (failure) throw failure;
}

/** Keeps as many trials going as there may be until the maker's signal is aborted, and waits for those under way. */
async function makeAll(
  next: () => Promise<Leased | undefined>,
  { make, rests, signal }: TrialMaker,
  capacity: number,
): Promise<void> {
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    const leased = running.size < capacity && !rests() ? await next() : undefined;
    if (leased) {
      const trial: Promise<void> = make(leased).finally(() => running.delete(trial));
      running.add(trial);
      continue;
    }
    const waited = sleep(lookEveryMs, undefined, { signal }).catch(() => {});
    await (running.size < capacity ? waited : Promise.race([waited, ...running]));
  }
  await Promise.all(running);
}
