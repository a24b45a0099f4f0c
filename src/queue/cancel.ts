import type { Database } from './database.ts';
import { patienceMs } from './patience.ts';

interface Cancelled {
  run: string;
  /** Only this one of its trials. */
  trial?: string;
  reason: string;
  /** Only trials in these states; those under way too when absent. */
  states?: readonly ('waiting' | 'running')[];
}

/**
 * Cancels what of a run, or of one of its trials, has not ended; workers stop what they hold of it. Gives how many trials that were.
 * Throws `queue-unreachable`.
 */
export async function cancelTrials(
  database: Database,
  { run, trial, reason, states = ['waiting', 'running'] }: Cancelled,
): Promise<number> {
  return database.transaction(
    async (ask) => {
      if (trial === undefined && states.includes('running'))
        await ask(
          "update proctor.run set state = 'cancelled', ended = now() where id = $1 and state = 'open'",
          [run],
        );
      const cancelled = await ask(
        `with cut as (
           update proctor.trial set state = 'cancelled', reason = $3, finished = now(), lease_until = null
           where run = $1 and ($2::text is null or trial = $2) and state = any($4) returning run, trial, fence
         ), noted as (
           update proctor.attempt a set how = 'cancelled', ended = now(), reason = $3
           from cut where a.run = cut.run and a.trial = cut.trial and a.fence = cut.fence and a.how is null
         )
         select trial from cut`,
        [run, trial ?? null, reason, states],
      );
      await ask("select pg_notify('proctor', 'cancelled'), pg_notify('proctor', 'ended:' || $1::text)", [
        run,
      ]);
      return cancelled.length;
    },
    { patienceMs },
  );
}
