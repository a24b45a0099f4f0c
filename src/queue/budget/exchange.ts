import type { Ask, Database } from '../database.ts';
import type { Budget, Waiting } from './budget.ts';
import type { ToldLimits } from './rate-gate.ts';

/** A database that many workers share. */
export type Transactions = Pick<Database, 'transaction'>;

/** What a holder has to say to a budget since the last time. */
export interface Batch {
  /** Counts up; what was applied already is not applied again. */
  sequence: number;
  asked: { id: string; run: string; amount: number }[];
  /** Requests that ended or are no longer waited for; without `used` where that is not known. */
  settled: { id: string; used?: number | undefined }[];
  /** What was taken without being set aside. */
  spent: number[];
  shutMs: number;
  told?: ToldLimits;
}

export interface Answer<State> {
  state: State;
  /** Milliseconds of the database's clock. */
  now: number;
  /** All that the holder waits for or has been granted. */
  held: { id: string; amount: number; granted: boolean }[];
  /** Milliseconds until the first that it waits for is due; absent where nobody can tell. */
  dueInMs?: number;
}

/** Requests that are looked at in one exchange. */
const most = 500;

/**
 * Applies a batch to a budget and shares out what is there, in one transaction, by the database's clock. What a holder had that was not
 * seen for `leaseMs` is given back.
 */
export function exchange<State>(
  database: Transactions,
  { name, budget, holder, leaseMs }: { name: string; budget: Budget<State>; holder: string; leaseMs: number },
  batch: Batch,
): Promise<Answer<State>> {
  return database.transaction(async (ask) => {
    await ask('insert into proctor.budget (name, state) values ($1, $2) on conflict do nothing', [
      name,
      JSON.stringify(budget.open(0)),
    ]);
    const [row] = await ask<{ state: State }>('select state from proctor.budget where name = $1 for update', [
      name,
    ]);
    let { state } = row ?? { state: budget.open(0) };
    const now = await clock(ask);
    const isNew = await renew(ask, holder, name, batch.sequence);
    for (const { amount, granted } of await lapsed(ask, name, leaseMs))
      if (granted) state = budget.settle(state, amount, 0, now);
    if (isNew) state = await apply(ask, state, now, { name, budget, holder, batch });
    const waiting = await ask<Waiting & { holder: string }>(
      'select id, amount, place, holder from proctor.budget_request where budget = $1 and not granted order by place, number limit $2',
      [name, most],
    );
    const served = budget.serve(state, waiting, now);
    await ask(
      `update proctor.budget_request r set granted = true, amount = g.amount
         from unnest($1::uuid[], $2::float8[]) as g(id, amount) where r.id = g.id`,
      [served.granted.map(({ id }) => id), served.granted.map(({ amount }) => amount)],
    );
    await ask('update proctor.budget set state = $2 where name = $1', [name, JSON.stringify(served.state)]);
    const held = await ask<Answer<State>['held'][number]>(
      'select id, amount, granted from proctor.budget_request where holder = $1',
      [holder],
    );
    const own = waiting.slice(served.granted.length).findIndex((one) => one.holder === holder);
    const dueInMs = served.dueInMs?.[own] ?? served.dueInMs?.at(-1);
    return {
      ...{ state: served.state, now },
      held,
      ...(dueInMs !== undefined && { dueInMs }),
    };
  });
}

/** Milliseconds of the database's clock. */
async function clock(ask: Ask): Promise<number> {
  const [row] = await ask<{ now: string }>('select extract(epoch from clock_timestamp()) * 1000 as now');
  return Number(row?.now);
}

/** Says that the holder is there; whether the batch is one that it has not sent before. */
async function renew(ask: Ask, holder: string, name: string, sequence: number): Promise<boolean> {
  const [row] = await ask<{ applied: string }>('select applied from proctor.budget_holder where id = $1', [
    holder,
  ]);
  const isNew = Number(row?.applied ?? -1) < sequence;
  if (!row) await ask("delete from proctor.budget_holder where seen < clock_timestamp() - interval '1 day'");
  await ask(
    `insert into proctor.budget_holder (id, budget, seen, applied) values ($1, $2, clock_timestamp(), $3)
       on conflict (id) do update set seen = excluded.seen, applied = greatest(budget_holder.applied, excluded.applied)`,
    [holder, name, sequence],
  );
  return isNew;
}

/** Takes away what holders had that have not been seen for too long. */
function lapsed(ask: Ask, name: string, leaseMs: number) {
  return ask<{ amount: number; granted: boolean }>(
    `delete from proctor.budget_request r using proctor.budget_holder h
      where h.id = r.holder and r.budget = $1 and h.seen < clock_timestamp() - make_interval(secs => $2)
      returning r.amount, r.granted`,
    [name, leaseMs / 1000],
  );
}

async function apply<State>(
  ask: Ask,
  given: State,
  now: number,
  { name, budget, holder, batch }: { name: string; budget: Budget<State>; holder: string; batch: Batch },
): Promise<State> {
  let state = given;
  const rows = await ask<{ id: string; amount: number; granted: boolean }>(
    'delete from proctor.budget_request where id = any($1::uuid[]) returning id, amount, granted',
    [batch.settled.map(({ id }) => id)],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const { id, used } of batch.settled) {
    const held = known.get(id);
    if (held?.granted) state = budget.settle(state, held.amount, used, now);
    else if (used !== 0) state = budget.spend(state, used, now);
  }
  for (const used of batch.spent) state = budget.spend(state, used, now);
  if (batch.told) state = budget.learn(state, batch.told);
  if (batch.shutMs > 0) state = budget.shut(state, batch.shutMs, now);
  const places = batch.asked.map((request) => {
    const placed = budget.place(state, request);
    state = placed.state;
    return placed.place;
  });
  await ask(
    `insert into proctor.budget_request (id, budget, holder, run, amount, place)
       select id, $2, $3, run, amount, place
         from unnest($1::uuid[], $4::text[], $5::float8[], $6::float8[]) with ordinality as a(id, run, amount, place, n) order by n`,
    [
      batch.asked.map(({ id }) => id),
      name,
      holder,
      batch.asked.map(({ run }) => run),
      batch.asked.map(({ amount }) => amount),
      places,
    ],
  );
  return state;
}
