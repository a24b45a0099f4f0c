import type { Database } from './database.ts';

/**
 * Cancels what of a run, or of one of its trials, has not ended; workers stop what they hold of it. Gives how many trials that were.
 * Throws `queue-unreachable`.
 */
export async function cancelTrials(
  database: Database,
  { run, trial, reason }: { run: string; trial?: string; reason: string },
): Promise<number> {
  return database.transaction(
    async (ask) => {
      if (trial === undefined)
        await ask(
          "update proctor.run set state = 'cancelled', ended = now() where id = $1 and state = 'open'",
          [run],
        );
      const cancelled = await ask(
        `with cut as (
           update proctor.trial set state = 'cancelled', reason = $3, finished = now(), lease_until = null
           where run = $1 and ($2::text is null or trial = $2) and state in ('waiting', 'running') returning run, trial, fence
         ), noted as (
           update proctor.attempt a set how = 'cancelled', ended = now(), reason = $3
           from cut where a.run = cut.run and a.trial = cut.trial and a.fence = cut.fence and a.how is null
         )
         select trial from cut`,
        [run, trial ?? null, reason],
      );
      await ask("select pg_notify('proctor', 'cancelled'), pg_notify('proctor', 'ended:' || $1::text)", [
        run,
      ]);
      return cancelled.length;
    },
    { patienceMs: 20_000 },
  );
}
