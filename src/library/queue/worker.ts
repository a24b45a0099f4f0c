import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, messageOf, ProctorError } from '../../errors.ts';
import { preparingProvider } from '../../orchestrator/prepared-provider.ts';
import { tellActivity } from '../../queue/activity.ts';
import { cancelTrials } from '../../queue/cancel.ts';
import type { Database } from '../../queue/database.ts';
import { claimTrial, failTrial, type Leased, takeBackLapsed } from '../../queue/lease.ts';
import { keepLeases } from '../../queue/lease-keeper.ts';
import { registerWorker, signOff } from '../../queue/workers.ts';
import { processExists } from '../../sandbox/process-owner.ts';
import type { SandboxProvider } from '../../sandbox/sandbox.ts';
import type { Outcome } from '../../schema/outcome.ts';
import { proctorVersion } from '../../version.ts';
import { activityLog } from './activity.ts';
import { offersOf } from './offer.ts';
import { runLeased } from './run-leased.ts';
import { workerRuns } from './worker-runs.ts';
import type { ClaimEnd, WorkerWatch } from './worker-watch.ts';

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
  watch?: WorkerWatch | undefined;
}

/** Milliseconds after which a worker that has nothing to do asks again. */
const lookEveryMs = 1000;

/** Milliseconds after which a worker says again what it does. */
const tellEveryMs = 2000;

/** What a worker would fail with at every trial. */
const lasting: readonly ErrorCode[] = ['disk-full', 'trace-write-failed', 'engine-unreachable'];

/**
 * Takes trials from the queue and makes them until it is stopped. Throws `queue-unreachable` where it can't begin, and where its disk is full or its
 * engine gone that, when it has handed back what is under way.
 */
export async function workQueue(parts: WorkerParts): Promise<void> {
  const { database, provider, capacity, labels, leaseSeconds, dir, note, watch } = parts;
  const failure = new AbortController();
  let thrown: ProctorError | undefined;
  const signal = AbortSignal.any([parts.signal, failure.signal]);
  const worker = `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`;
  const offers = offersOf(provider.name, labels);
  const claimant = { worker, offers, leaseSeconds };
  const row = { id: worker, host: hostname(), pid: process.pid, version: proctorVersion, capacity, offers };
  await registerWorker(database, row);
  watch?.began(row);
  const activity = activityLog(watch?.phaseEnded);
  watch?.stands(activity.now);
  note(`${worker} waits for trials at ${database.place}, ${capacity} at a time, on ${provider.name}`);
  await using keeper = keepLeases(database, claimant);
  const runs = workerRuns({ database, packs: join(dir, 'packs'), note, watch });
  const preparing = preparingProvider(provider, note);
  const running = new Set<Promise<void>>();
  const telling = setInterval(
    () => void tellActivity(database, worker, activity.now()).catch(() => {}),
    tellEveryMs,
  );
  let restsUntil = 0;
  const make = async (leased: Leased): Promise<void> => {
    const lost = keeper.hold(leased);
    const followed = activity.follow(leased);
    const claimedAt = performance.now();
    let how: ClaimEnd = 'failed';
    watch?.claimed(leased.fence > 1);
    const own = join(dir, 'trials', worker, `${leased.run}-${leased.trial}-${leased.fence}`);
    try {
      const run = runs.get(leased.run);
      const tried = (outcome: Outcome) => watch?.trialEnded(outcome, (performance.now() - claimedAt) / 1000);
      const around = { ...parts, provider: preparing, signal, dir: own, run };
      how = await runLeased({ ...around, leased, lost, followed, tried });
      const { closed } = run.account;
      if (closed.aborted)
        await cancelTrials(database, { run: run.run, reason: messageOf(closed.reason), states: ['waiting'] });
    } catch (error) {
      note(`${leased.trial}: ${messageOf(error)}`);
      if (lost.aborted) how = 'lost';
      else await failTrial(database, leased, messageOf(error)).catch(() => {});
      if (error instanceof ProctorError && lasting.includes(error.code)) {
        thrown ??= error;
        // For the trials under way, this failure is no more than an abort: it is none of theirs.
        failure.abort();
      }
      // Others may do better with what is waiting now.
      restsUntil = performance.now() + lookEveryMs * 2;
    } finally {
      keeper.drop(leased);
      followed.end();
      watch?.claimEnded(how);
      await rm(own, { recursive: true, force: true }).catch(() => {});
    }
  };
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** The next trial; undefined where there is none, or the database can't be reached just now. */
  const next = async (): Promise<Leased | undefined> => {
    if (running.size >= capacity || performance.now() < restsUntil) return undefined;
    try {
      if (performance.now() - lookedAt > lookEveryMs) {
        const lapsed = await takeBackLapsed(database);
        await runs.look();
        lookedAt = performance.now();
        // Their workers may have died beside this one.
        if (lapsed.length > 0) await provider.reap();
      }
      return await claimTrial(database, { ...claimant, offers: [...offers, ...runs.offers()] });
    } catch (error) {
      note(messageOf(error));
      return undefined;
    }
  };
  try {
    await provider.reap();
    await removeLeft(join(dir, 'trials'));
    while (!signal.aborted) {
      const leased = await next();
      if (leased) {
        const trial: Promise<void> = make(leased).finally(() => running.delete(trial));
        running.add(trial);
      } else {
        const waited = sleep(lookEveryMs, undefined, { signal }).catch(() => {});
        await (running.size < capacity ? waited : Promise.race([waited, ...running]));
      }
    }
  } finally {
    clearInterval(telling);
    await Promise.all(running);
    await runs.close();
    await rm(join(dir, 'trials', worker), { recursive: true, force: true }).catch(() => {});
    const why = thrown?.message ?? 'it was stopped';
    await signOff(database, worker, why).catch(() => {});
    await provider.close();
  }
  if (thrown) throw thrown;
}

/** Removes what workers of this machine left there that were killed. */
async function removeLeft(trials: string): Promise<void> {
  for (const name of await readdir(trials).catch(() => [])) {
    const [, host, pid] = /^(.*)-(\d+)-[0-9a-f]{4}$/.exec(name) ?? [];
    if (host === hostname() && !processExists(Number(pid)))
      await rm(join(trials, name), { recursive: true, force: true });
  }
}
