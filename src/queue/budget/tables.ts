import type { Migration } from '../migration.ts';

/** Where shared budgets are kept: their state, who holds parts of them, and each part that is waited for or set aside. */
export const budgetTables: Migration = {
  name: 'budgets',
  sql: `
create table proctor.budget (
  name text primary key,
  state jsonb not null
);
create table proctor.budget_holder (
  id uuid primary key,
  budget text not null,
  seen timestamptz not null,
  applied bigint not null
);
create table proctor.budget_request (
  id uuid primary key,
  number bigserial,
  budget text not null,
  holder uuid not null references proctor.budget_holder on delete cascade,
  run text not null,
  amount double precision not null,
  place double precision not null,
  granted boolean not null default false
);
create index budget_request_place on proctor.budget_request (budget, granted, place, number);
create index budget_request_holder on proctor.budget_request (holder);
`,
};
