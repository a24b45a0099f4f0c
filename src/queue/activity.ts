import type { Database } from './database.ts';
import type { Held } from './lease.ts';
import type { Migration } from './migration.ts';

/** What a worker does with a trial. */
export const phases = ['provisioning', 'deciding', 'acting', 'observing', 'verifying', 'releasing'] as const;
export type Phase = (typeof phases)[number];

/** A trial that a worker has under way. */
export interface TrialUnderWay extends Held {
  task: string;
  agent: string;
  attempt: number;
  phase: Phase;
  /** Steps that it has begun. */
  steps: number;
  /** Seconds since it was claimed. */
  seconds: number;
}

/** What a worker does, by its own account. */
export interface Activity {
  trials: TrialUnderWay[];
  /** Seconds that its trials have spent in each phase so far. */
  spent: Partial<Record<Phase, number>>;
  /** Seconds since it began. */
  seconds: number;
}

/** What workers say that they do, beside their rows. */
export const activityTable: Migration = {
  name: 'activity of workers',
  sql: `
create table proctor.worker_activity (
  worker text primary key references proctor.worker on delete cascade,
  activity jsonb not null,
  told timestamptz not null default now()
);
`,
};

/** Says what a worker does now. Throws `queue-unreachable`. */
export async function tellActivity(database: Database, worker: string, activity: Activity): Promise<void> {
  await database.ask(
    `insert into proctor.worker_activity (worker, activity) select id, $2 from proctor.worker where id = $1
     on conflict (worker) do update set activity = excluded.activity, told = now()`,
    [worker, JSON.stringify(activity)],
  );
}

/** What workers that are still there said last, by their ids. Throws `queue-unreachable`. */
export async function toldActivities(database: Database): Promise<Map<string, Activity>> {
  const rows = await database.ask<{ worker: string; activity: Activity }>(
    `select a.worker, a.activity from proctor.worker_activity a join proctor.worker w on w.id = a.worker
     where w.seen > now() - interval '1 day'`,
  );
  return new Map(rows.map(({ worker, activity }) => [worker, activity]));
}
