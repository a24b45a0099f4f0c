import type { Database } from './database.ts';

/** How the runs of a queue stand of which something is left. */
export interface Census {
  /** How many there are. */
  runs: number;
  /** Their trials by state. */
  trials: Record<'waiting' | 'running' | 'committed' | 'failed' | 'cancelled', number>;
  /** Attempts at their trials that have ended, by how they did. */
  attempts: Record<'committed' | 'lost' | 'refused' | 'failed' | 'released' | 'cancelled', number>;
  /** Workers that have not ended and were heard of within the last 2 minutes. */
  workers: number;
}

/** Throws `queue-unreachable`. */
export async function censusOf(database: Database): Promise<Census> {
  const [row] = await database.ask<{
    runs: number;
    trials: Partial<Census['trials']> | null;
    attempts: Partial<Census['attempts']> | null;
    workers: number;
  }>(
    `with open_run as materialized (select id from proctor.run where state = 'open'),
       by_state as (select state, count(*) many from proctor.trial where run in (select id from open_run) group by 1),
       by_how as (select how, count(*) many from proctor.attempt where how is not null and run in (select id from open_run) group by 1)
     select (select count(*)::int from open_run) runs,
       (select jsonb_object_agg(state, many) from by_state) trials,
       (select jsonb_object_agg(how, many) from by_how) attempts,
       (select count(*)::int from proctor.worker w where w.ended is null and w.seen > now() - interval '2 minutes') workers`,
  );
  return {
    runs: row?.runs ?? 0,
    trials: { waiting: 0, running: 0, committed: 0, failed: 0, cancelled: 0, ...row?.trials },
    attempts: { committed: 0, lost: 0, refused: 0, failed: 0, released: 0, cancelled: 0, ...row?.attempts },
    workers: row?.workers ?? 0,
  };
}
