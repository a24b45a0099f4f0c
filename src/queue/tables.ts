import type { Migration } from './migration.ts';

/**
 * What runs share. A row of `trial` is the job itself, taken with `for update skip locked`. pg-boss 10 and graphile-worker 0.16 were
 * tried with workers killed: the first lost and doubled nothing, but looks through all that wait at each fetch (6 ms with 1,000, 165 to 450 ms
 * with 100,000 trials waiting); the second (4 ms) keeps what a killed worker held for 4 hours; neither renews a lease or knows a fence.
 *
 * - `trial.fence` is raised at each claim and lets no other attempt commit; `tries` counts those that ended without a result.
 * - `attempt.how` is null while it runs; `refused` one whose result came after its lease was lost.
 * - Every time is the database's.
 */
export const workTables: Migration = {
  name: 'runs, trials, attempts and workers',
  sql: `
    create table proctor.run (
      id text primary key,
      document jsonb not null,
      manifest jsonb not null,
      state text not null default 'open' check (state in ('open', 'done', 'cancelled')),
      max_tries int not null,
      planned int not null,
      began timestamptz not null default now(),
      ended timestamptz
    );
    create table proctor.trial (
      run text not null references proctor.run on delete cascade,
      trial text not null,
      number int not null,
      task text not null,
      agent text not null,
      attempt int not null,
      needs text[] not null default '{}',
      state text not null default 'waiting' check (state in ('waiting', 'running', 'committed', 'failed', 'cancelled')),
      fence int not null default 0,
      tries int not null default 0,
      worker text,
      lease_until timestamptz,
      entries jsonb,
      reason text,
      finished timestamptz,
      primary key (run, trial)
    );
    create index trial_waiting on proctor.trial (run, number) where state = 'waiting';
    create index trial_running on proctor.trial (run, lease_until) where state = 'running';
    create index trial_finished on proctor.trial (run, finished) where finished is not null;
    create table proctor.attempt (
      run text not null,
      trial text not null,
      fence int not null,
      token uuid not null unique,
      worker text not null,
      began timestamptz not null default now(),
      ended timestamptz,
      how text check (how in ('committed', 'lost', 'refused', 'failed', 'released', 'cancelled')),
      reason text,
      entries jsonb,
      primary key (run, trial, fence),
      foreign key (run, trial) references proctor.trial on delete cascade
    );
    create index attempt_worker on proctor.attempt (worker);
    create table proctor.worker (
      id text primary key,
      host text not null,
      pid int not null,
      version text not null,
      capacity int not null,
      offers text[] not null,
      began timestamptz not null default now(),
      seen timestamptz not null default now(),
      ended timestamptz,
      reason text
    );
  `,
};
