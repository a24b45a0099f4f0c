import type { JsonObject } from '../schema/json.ts';
import type { RunTrial } from '../schema/run.ts';
import type { Database } from './database.ts';

export interface QueuedRun {
  run: string;
  state: 'open' | 'done' | 'cancelled';
  document: JsonObject;
  manifest: JsonObject;
  planned: number;
}

/** Undefined where the database has no such run. Throws `queue-unreachable`. */
export async function readRunRow(database: Database, run: string): Promise<QueuedRun | undefined> {
  const [row] = await database.ask<QueuedRun & Record<string, unknown>>(
    'select id as run, state, document, manifest, planned from proctor.run where id = $1',
    [run],
  );
  return row;
}

/** The ids of the runs of which something is left, the oldest first. */
export async function openRuns(database: Database): Promise<string[]> {
  const rows = await database.ask<{ id: string }>(
    "select id from proctor.run where state = 'open' order by began",
  );
  return rows.map(({ id }) => id);
}

/** The ids of the last runs, at most 1,000, the newest first. */
export async function latestRuns(database: Database): Promise<string[]> {
  const rows = await database.ask<{ id: string }>(
    'select id from proctor.run order by began desc limit 1000',
  );
  return rows.map(({ id }) => id);
}

/** The run that a trial belongs to, by its id. */
export async function runOfTrial(database: Database, trial: string): Promise<string[]> {
  const rows = await database.ask<{ run: string }>('select run from proctor.trial where trial = $1', [trial]);
  return rows.map(({ run }) => run);
}

/** How many trials of a run are in each state, and how many results of attempts that had lost their lease were refused. */
export interface Sums {
  planned: number;
  waiting: number;
  running: number;
  committed: number;
  failed: number;
  cancelled: number;
  /** Attempts beyond the first of each trial that was begun. */
  again: number;
  refused: number;
}

export async function sumsOf(database: Database, run: string): Promise<Sums> {
  const [row] = await database.ask<Sums & Record<string, number>>(
    `select r.planned, coalesce(c.waiting, 0)::int waiting, coalesce(c.running, 0)::int running,
       coalesce(c.committed, 0)::int committed, coalesce(c.failed, 0)::int failed, coalesce(c.cancelled, 0)::int cancelled,
       coalesce(c.again, 0)::int again,
       (select count(*)::int from proctor.attempt a where a.run = r.id and a.how = 'refused') refused
     from proctor.run r left join (
       select run, count(*) filter (where state = 'waiting') waiting, count(*) filter (where state = 'running') running,
         count(*) filter (where state = 'committed') committed, count(*) filter (where state = 'failed') failed,
         count(*) filter (where state = 'cancelled') cancelled, sum(greatest(fence - 1, 0)) again
       from proctor.trial where run = $1 group by run
     ) c on c.run = r.id where r.id = $1`,
    [run],
  );
  return (
    row ?? { planned: 0, waiting: 0, running: 0, committed: 0, failed: 0, cancelled: 0, again: 0, refused: 0 }
  );
}

export interface TrialRow {
  trial: string;
  task: string;
  agent: string;
  attempt: number;
  state: 'waiting' | 'running' | 'committed' | 'failed' | 'cancelled';
  fence: number;
  worker: string | null;
  entries: RunTrial[] | null;
  reason: string | null;
}

/** Trials of a run in their order, some at a time, from the given number on. */
export async function* trialRows(
  database: Database,
  run: string,
  { batch = 1000 } = {},
): AsyncIterable<TrialRow> {
  for (let from = 0; ; from += batch) {
    const rows = await database.ask<TrialRow & Record<string, unknown>>(
      `select trial, task, agent, attempt, state, fence, worker, entries, reason from proctor.trial
       where run = $1 and number >= $2 and number < $3 order by number`,
      [run, from, from + batch],
    );
    if (rows.length === 0) return;
    yield* rows;
  }
}

/**
 * Trials that ended since `since`, a time that was given before (from the beginning where absent), and the time to ask for next.
 * Those of the last minute are given again, since a statement may end after one that began later.
 */
export async function endedSince(
  database: Database,
  run: string,
  since?: string,
): Promise<{ rows: TrialRow[]; now: string }> {
  const [clock] = await database.ask<{ now: string }>('select now()::text as now');
  const rows = await database.ask<TrialRow & Record<string, unknown>>(
    `select trial, task, agent, attempt, state, fence, worker, entries, reason from proctor.trial
     where run = $1 and finished is not null and ($2::text is null or finished > $2::timestamptz - interval '1 minute')
     order by finished`,
    [run, since ?? null],
  );
  return { rows, now: clock?.now ?? '' };
}

/** Attempts of a run that gave no result, or one that was refused. */
export async function lostAttempts(database: Database, run: string) {
  return database.ask<{ trial: string; fence: number; worker: string; how: string; reason: string | null }>(
    `select trial, fence, worker, how, reason from proctor.attempt
     where run = $1 and how in ('lost', 'refused', 'failed') order by began`,
    [run],
  );
}

/** The first trial that came to no result and waits no more, one that failed before those that were cancelled. */
export async function firstNotRun(
  database: Database,
  run: string,
): Promise<{ trial: string; state: 'failed' | 'cancelled'; reason: string } | undefined> {
  const [first] = await database.ask<{ trial: string; state: 'failed' | 'cancelled'; reason: string }>(
    `select trial, state, reason from proctor.trial where run = $1 and state in ('failed', 'cancelled')
     order by state desc, number limit 1`,
    [run],
  );
  return first;
}

/** A trial that a worker holds, and for how long it has. */
export interface HeldTrial {
  trial: string;
  task: string;
  agent: string;
  attempt: number;
  worker: string;
  seconds: number;
}

/** Trials of a run that workers hold now, at most `most`, the oldest claims first. */
export async function heldNow(database: Database, run: string, most: number): Promise<HeldTrial[]> {
  return database.ask<HeldTrial & Record<string, unknown>>(
    `select t.trial, t.task, t.agent, t.attempt, t.worker, extract(epoch from now() - a.began)::float8 seconds
     from proctor.trial t join proctor.attempt a using (run, trial, fence)
     where t.run = $1 and t.state = 'running' order by a.began limit $2`,
    [run, most],
  );
}
