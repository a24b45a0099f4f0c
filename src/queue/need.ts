import type { Database } from './database.ts';

/**
 * What a trial of a run needs that still waits, or else one that is under way; undefined where nothing is left. Trials of a run
 * differ by their agents alone. Throws `queue-unreachable`.
 */
export async function needsLeft(database: Database, run: string): Promise<string[] | undefined> {
  const [left] = await database.ask<{ needs: string[] }>(
    `(select needs from proctor.trial where run = $1 and state = 'waiting' order by number limit 1)
     union all (select needs from proctor.trial where run = $1 and state = 'running' limit 1) limit 1`,
    [run],
  );
  return left?.needs;
}

/** What each worker offers that was heard of within the last 2 minutes and has not ended. Throws `queue-unreachable`. */
export async function offersHere(database: Database): Promise<string[][]> {
  const rows = await database.ask<{ offers: string[] }>(
    "select offers from proctor.worker where ended is null and seen > now() - interval '2 minutes'",
  );
  return rows.map(({ offers }) => offers);
}
