import { messageOf, ProctorError } from '../../errors.ts';
import type { Database } from '../../queue/database.ts';
import { type Claimant, claimTrial, type Leased, takeBackLapsed } from '../../queue/lease.ts';
import type { SandboxProvider } from '../../sandbox/sandbox.ts';
import { outage } from './outage.ts';
import type { WorkerRuns } from './worker-runs.ts';

interface ClaimerParts {
  database: Database;
  provider: Pick<SandboxProvider, 'reap'>;
  claimant: Claimant;
  runs: WorkerRuns;
  /** Milliseconds between two looks at what runs there are. */
  lookEveryMs: number;
  note(line: string): void;
}

/** Gives a worker's next trial; undefined where there is none, or the database can't be reached just now. */
export function claimer({ database, provider, claimant, runs, lookEveryMs, note }: ClaimerParts) {
  const gone = outage(database.place, 'trials under way go on while their leases last', note);
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async () => {
    const lapsed = await takeBackLapsed(database);
    await runs.look();
    lookedAt = performance.now();
    // Their workers may have died beside this one.
    if (lapsed.length > 0) await provider.reap();
  };
  return async (): Promise<Leased | undefined> => {
    try {
      if (performance.now() - lookedAt > lookEveryMs) await look();
      const offers = [...claimant.offers, ...runs.offers()];
      const leased = await claimTrial(database, { ...claimant, offers });
      gone.back();
      return leased;
    } catch (error) {
      if (error instanceof ProctorError && error.code === 'queue-unreachable') gone.gone(error);
      else note(messageOf(error));
      return undefined;
    }
  };
}
