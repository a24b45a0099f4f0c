import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, messageOf, ProctorError } from '../../errors.ts';
import { preparingProvider } from '../../orchestrator/prepared-provider.ts';
import { cancelTrials } from '../../queue/cancel.ts';
import { failTrial, type Leased, releaseTrial } from '../../queue/lease.ts';
import type { LeaseKeeper } from '../../queue/lease-keeper.ts';
import type { Outcome } from '../../schema/outcome.ts';
import type { ActivityLog } from './activity.ts';
import { runLeased } from './run-leased.ts';
import type { WorkerParts } from './worker-parts.ts';
import type { WorkerRuns } from './worker-runs.ts';
import type { ClaimEnd } from './worker-watch.ts';

interface MakerParts extends WorkerParts {
  worker: string;
  keeper: LeaseKeeper;
  runs: WorkerRuns;
  activity: ActivityLog;
}

/** Makes the trials that a worker has claimed. */
export interface TrialMaker {
  /** Makes a trial and commits it, or hands it back. Never rejects. */
  make(leased: Leased): Promise<void>;
  /** Whether others may do better just now with what is waiting. */
  rests(): boolean;
  /** Aborted where the worker is stopped, or has a failure that it would fail with at every trial. */
  readonly signal: AbortSignal;
  /** That failure. */
  failure(): ProctorError | undefined;
}

/** What a worker would fail with at every trial. */
const lasting: readonly ErrorCode[] = ['disk-full', 'trace-write-failed', 'engine-unreachable'];

/** Milliseconds for which a worker rests after a trial that it could not make. */
const restMs = 2000;

export function trialMaker(parts: MakerParts): TrialMaker {
  const { database, dir, worker, keeper, runs, activity, note, watch } = parts;
  const preparing = preparingProvider(parts.provider, note);
  const ending = new AbortController();
  const signal = AbortSignal.any([parts.signal, ending.signal]);
  let failure: ProctorError | undefined;
  let restsUntil = 0;

  /** Hands back what could not be made. It counts as one of the trial's tries, unless what all of them share is to be blamed. */
  async function handBack(leased: Leased, error: unknown): Promise<void> {
    const code = error instanceof ProctorError ? error.code : undefined;
    const isShared =
      code === 'queue-unreachable' || (code === 'store-failed' && !(await runs.storeWorks(leased.run)));
    const give = isShared ? releaseTrial : failTrial;
    await give(database, leased, messageOf(error)).catch(() => {});
    if (!(error instanceof ProctorError) || !lasting.includes(error.code)) return;
    failure ??= error;
    // For the trials under way, this failure is no more than an abort: it is none of theirs.
    ending.abort();
  }

  async function make(leased: Leased): Promise<void> {
    const lost = keeper.hold(leased);
    const followed = activity.follow(leased);
    const claimedAt = performance.now();
    const own = join(dir, 'trials', worker, `${leased.run}-${leased.trial}-${leased.fence}`);
    let how: ClaimEnd = 'failed';
    watch?.claimed(leased.fence > 1);
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
      else await handBack(leased, error);
      restsUntil = performance.now() + restMs;
    } finally {
      keeper.drop(leased);
      followed.end();
      watch?.claimEnded(how);
      await rm(own, { recursive: true, force: true }).catch(() => {});
    }
  }

  return { make, signal, rests: () => performance.now() < restsUntil, failure: () => failure };
}
