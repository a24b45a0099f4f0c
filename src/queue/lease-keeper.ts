import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../errors.ts';
import type { Database } from './database.ts';
import { type Claimant, type Held, renewLeases } from './lease.ts';

/** Renews what a worker holds, and tells each trial when it is no longer its. */
export interface LeaseKeeper extends AsyncDisposable {
  /** The signal is aborted, with why, where the lease was lost, the trial cancelled, or the database not reached for as long as a lease lasts. */
  hold(held: Held): AbortSignal;
  drop(held: Held): void;
  /** Milliseconds since the database last answered; counted by this process' own steady clock. */
  silentMs(): number;
}

interface Kept {
  held: Held;
  lost: AbortController;
  /** When the request was sent that the lease was last renewed by. */
  renewedAt: number;
}

const keyOf = ({ run, trial, fence }: Held) => `${run} ${trial} ${fence}`;

/**
 * Renews four times while a lease lasts, and at once where something was cancelled. It counts by a clock that nobody sets: a worker that was
 * stopped for longer than its lease gives its trials up when it wakes.
 */
export function keepLeases(database: Database, claimant: Claimant): LeaseKeeper {
  const { leaseSeconds } = claimant;
  const leaseMs = leaseSeconds * 1000;
  const keeping = new Map<string, Kept>();
  const stop = new AbortController();
  let answeredAt = performance.now();
  let hurry = new AbortController();
  const listening = database.listen('proctor', (payload) => {
    if (payload === 'cancelled') hurry.abort();
  });

  const lose = (kept: Kept, why: string) => {
    keeping.delete(keyOf(kept.held));
    kept.lost.abort(new ProctorError('lease-lost', `${kept.held.trial}: ${why}`));
  };
  const giveUpLate = () => {
    for (const kept of [...keeping.values()])
      if (performance.now() - kept.renewedAt > leaseMs)
        lose(kept, `no word from the database for the ${leaseSeconds} s that a lease lasts`);
  };
  const late = setInterval(giveUpLate, Math.max(20, leaseMs / 10));

  const renewing = (async () => {
    while (!stop.signal.aborted) {
      const sentAt = performance.now();
      const asked = [...keeping.values()];
      try {
        const still = new Set(
          (
            await renewLeases(
              database,
              claimant,
              asked.map(({ held }) => held),
            )
          ).map(keyOf),
        );
        answeredAt = performance.now();
        for (const kept of asked) {
          if (still.has(keyOf(kept.held))) kept.renewedAt = sentAt;
          else if (keeping.has(keyOf(kept.held))) lose(kept, 'cancelled, or held by another worker since');
        }
      } catch {
        giveUpLate();
      }
      hurry = new AbortController();
      const wake = AbortSignal.any([stop.signal, hurry.signal]);
      await sleep(leaseMs / 4, undefined, { signal: wake }).catch(() => {});
    }
  })();

  return {
    hold(held) {
      const kept = { held, lost: new AbortController(), renewedAt: performance.now() };
      keeping.set(keyOf(held), kept);
      return kept.lost.signal;
    },
    drop: (held) => void keeping.delete(keyOf(held)),
    silentMs: () => performance.now() - answeredAt,
    async [Symbol.asyncDispose]() {
      stop.abort();
      clearInterval(late);
      await renewing;
      await listening[Symbol.asyncDispose]();
    },
  };
}
