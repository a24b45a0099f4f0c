import { randomUUID } from 'node:crypto';
import type { RunTrial } from '../schema/run.ts';
import type { Database } from './database.ts';
import { patienceMs } from './patience.ts';

/** One attempt at a trial: no other has its fence, and none with a lower one can commit any more. */
export interface Held {
  run: string;
  trial: string;
  fence: number;
}

/** A trial that a worker has the lease of. */
export interface Leased extends Held {
  task: string;
  agent: string;
  attempt: number;
}

export interface Claimant {
  worker: string;
  /** What it offers; a trial's `needs` are all among them. */
  offers: readonly string[];
  leaseSeconds: number;
  /** Only trials of this run. */
  run?: string;
}

const given = 'run, trial, fence, task, agent, attempt';

/**
 * Takes the first waiting trial of the run that has the fewest under way; undefined where none waits that this worker can make.
 * A claim whose connection was cut is found again, not made twice. Throws `queue-unreachable`.
 */
export async function claimTrial(
  database: Database,
  { worker, offers, leaseSeconds, run }: Claimant,
): Promise<Leased | undefined> {
  const token = randomUUID();
  let isAgain = false;
  return database.transaction(
    async (ask) => {
      if (isAgain) {
        const [found] = await ask<Leased>(
          `select t.run, t.trial, t.fence, t.task, t.agent, t.attempt
           from proctor.attempt a join proctor.trial t using (run, trial, fence) where a.token = $1 and t.state = 'running'`,
          [token],
        );
        if (found) return found;
      }
      isAgain = true;
      const [taken] = await ask<Leased>(
        `with open_run as materialized (
           select r.id, (select count(*) from proctor.trial o where o.run = r.id and o.state = 'running') as running
           from proctor.run r where r.state = 'open' and ($5::text is null or r.id = $5) order by 2, r.began
         ), next as (
           select t.run, t.trial from open_run r cross join lateral (
             select w.run, w.trial from proctor.trial w
             where w.run = r.id and w.state = 'waiting' and w.needs <@ $2::text[]
             order by w.number limit 1 for update skip locked
           ) t limit 1
         ), taken as (
           update proctor.trial t
           set state = 'running', fence = t.fence + 1, tries = t.tries + 1, worker = $1, lease_until = now() + $3 * interval '1 second'
           from next n where t.run = n.run and t.trial = n.trial
           returning t.run, t.trial, t.fence, t.task, t.agent, t.attempt
         ), noted as (
           insert into proctor.attempt (run, trial, fence, token, worker) select run, trial, fence, $4, $1 from taken
         )
         select ${given} from taken`,
        [worker, offers, leaseSeconds, token, run ?? null],
      );
      return taken;
    },
    { patienceMs },
  );
}

/** Renews leases in one statement, and says which of them are still held. Not tried again. Throws `queue-unreachable`. */
export async function renewLeases(
  database: Database,
  { worker, leaseSeconds }: Claimant,
  held: readonly Held[],
): Promise<Held[]> {
  return database.ask<Leased>(
    `with held as (
       select * from unnest($3::text[], $4::text[], $5::int[]) as h(run, trial, fence)
     ), seen as (
       update proctor.worker set seen = now() where id = $1
     )
     update proctor.trial t set lease_until = now() + $2 * interval '1 second'
     from held h where t.run = h.run and t.trial = h.trial and t.fence = h.fence and t.state = 'running'
     returning t.run, t.trial, t.fence`,
    [
      worker,
      leaseSeconds,
      held.map((one) => one.run),
      held.map((one) => one.trial),
      held.map((one) => one.fence),
    ],
  );
}

/**
 * Commits the result of an attempt: the entries of `run.json` that it made, the last one its end. Gives `refused` where the lease went
 * to another or the trial was cancelled: the result is kept apart, in the attempt. A database that is gone is waited for until `lost` is
 * aborted. Throws `queue-unreachable`.
 */
export async function commitTrial(
  database: Database,
  { run, trial, fence }: Held,
  entries: readonly RunTrial[],
  lost?: AbortSignal,
): Promise<'committed' | 'refused'> {
  const document = JSON.stringify(entries);
  return database.transaction(
    async (ask) => {
      const values = [run, trial, fence, document];
      const [done] = await ask(
        `with done as (
           update proctor.trial set state = 'committed', entries = $4, lease_until = null, finished = now()
           where run = $1 and trial = $2 and fence = $3 and state = 'running' returning run
         ), noted as (
           update proctor.attempt set how = 'committed', ended = now()
           where run = $1 and trial = $2 and fence = $3 and exists (select from done)
         )
         select pg_notify('proctor', 'ended:' || run) from done`,
        values,
      );
      if (done) return 'committed';
      // Where the connection was cut just after the first time, the result is there.
      const [before] = await ask(
        "select 1 from proctor.trial where run = $1 and trial = $2 and fence = $3 and state = 'committed'",
        values.slice(0, 3),
      );
      if (before) return 'committed';
      await ask(
        `update proctor.attempt set how = 'refused', ended = now(), entries = $4
         where run = $1 and trial = $2 and fence = $3`,
        values,
      );
      return 'refused';
    },
    lost ? { patienceMs: Number.POSITIVE_INFINITY, signal: lost } : { patienceMs },
  );
}

/** Hands a trial back that was not finished and is no fault of it: its worker ends. Does nothing where the lease is lost. */
export const releaseTrial = (database: Database, held: Held, reason: string): Promise<void> =>
  putBack(database, held, { how: 'released', reason });

/** Hands a trial back that its worker could not make: after the last of its tries it is failed. Does nothing where the lease is lost. */
export const failTrial = (database: Database, held: Held, reason: string): Promise<void> =>
  putBack(database, held, { how: 'failed', reason });

async function putBack(
  database: Database,
  { run, trial, fence }: Held,
  { how, reason }: { how: 'released' | 'failed'; reason: string },
): Promise<void> {
  await database.transaction(
    (ask) =>
      ask(
        `with back as (
           update proctor.trial t set
             state = case when $4 = 'failed' and t.tries >= r.max_tries then 'failed' else 'waiting' end,
             tries = case when $4 = 'failed' then t.tries else t.tries - 1 end,
             finished = case when $4 = 'failed' and t.tries >= r.max_tries then now() end,
             reason = $5, worker = null, lease_until = null
           from proctor.run r
           where r.id = t.run and t.run = $1 and t.trial = $2 and t.fence = $3 and t.state = 'running' returning t.run
         ), noted as (
           update proctor.attempt set how = $4, ended = now(), reason = $5
           where run = $1 and trial = $2 and fence = $3 and exists (select from back)
         )
         select pg_notify('proctor', 'work'), pg_notify('proctor', 'ended:' || run) from back`,
        [run, trial, fence, how, reason],
      ),
    { patienceMs },
  );
}

/**
 * Takes back what workers hold beyond their lease, so that others can take it, or it is failed after the last of its tries; and ends
 * runs of which nothing is left. A lease that ran out while the server was down is no try: nobody could renew it. Anyone may do it at any time. Throws `queue-unreachable`.
 */
export async function takeBackLapsed(database: Database): Promise<Held[]> {
  const lapsed = await database.ask<Leased>(
    `with lapsed as (
       select run, trial, fence, worker, lease_until < pg_postmaster_start_time() as excused from proctor.trial
       where state = 'running' and lease_until < now() for update skip locked
     ), noted as (
       update proctor.attempt a set how = 'lost', ended = now(), reason = case when l.excused then 'the lease ran out while the database was down' else 'its worker did not renew the lease' end
       from lapsed l where a.run = l.run and a.trial = l.trial and a.fence = l.fence and a.how is null
     ), back as (
       update proctor.trial t set
         state = case when t.tries >= r.max_tries and not l.excused then 'failed' else 'waiting' end,
         tries = case when l.excused then t.tries - 1 else t.tries end,
         finished = case when t.tries >= r.max_tries and not l.excused then now() end,
         reason = case when t.tries >= r.max_tries and not l.excused
           then 'begun ' || t.tries || ' times without a result; the last worker, ' || t.worker || ', did not renew its lease' end,
         worker = null, lease_until = null
       from lapsed l join proctor.run r on r.id = l.run
       where t.run = l.run and t.trial = l.trial
       returning t.run, t.trial, t.fence
     ), told as (
       select pg_notify('proctor', 'work') from back limit 1
     )
     select back.* from back left join told on true`,
  );
  await database.ask(
    `update proctor.run r set state = 'done', ended = now()
     where r.state = 'open' and not exists (
       select from proctor.trial t where t.run = r.id and t.state in ('waiting', 'running'))`,
  );
  return lapsed;
}
