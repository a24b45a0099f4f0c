import type { Database } from './database.ts';
import { patienceMs } from './patience.ts';

export interface WorkerRow {
  id: string;
  host: string;
  pid: number;
  version: string;
  capacity: number;
  /** What trials may need of it, such as `sandbox:docker` or `label:gpu`. */
  offers: readonly string[];
}

/** Makes a worker known. Throws `queue-unreachable`. */
export async function registerWorker(database: Database, worker: WorkerRow): Promise<void> {
  const { id, host, pid, version, capacity, offers } = worker;
  await database.transaction(
    (ask) =>
      ask(
        `insert into proctor.worker (id, host, pid, version, capacity, offers) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set seen = now()`,
        [id, host, pid, version, capacity, offers],
      ),
    { patienceMs },
  );
}

/** Says that a worker has ended, and why. */
export async function signOff(database: Database, id: string, reason: string): Promise<void> {
  await database.ask('update proctor.worker set ended = now(), reason = $2 where id = $1', [id, reason]);
}

export interface ListedWorker extends WorkerRow {
  /** Seconds since it was last heard of. */
  silent: number;
  ended: boolean;
  reason: string | null;
  /** Trials that it holds the lease of. */
  running: number;
  committed: number;
}

/** Workers that were heard of within the last day, the newest first. */
export async function listWorkers(database: Database): Promise<ListedWorker[]> {
  return database.ask<ListedWorker & Record<string, unknown>>(
    `select w.id, w.host, w.pid, w.version, w.capacity, w.offers, extract(epoch from now() - w.seen)::float8 silent,
       w.ended is not null as ended, w.reason,
       (select count(*)::int from proctor.trial t where t.worker = w.id and t.state = 'running') running,
       (select count(*)::int from proctor.attempt a where a.worker = w.id and a.how = 'committed') committed
     from proctor.worker w where w.seen > now() - interval '1 day' order by w.began desc`,
  );
}
