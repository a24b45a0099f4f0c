import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { exchange } from '../../../src/queue/budget/exchange.ts';
import { rateBudget } from '../../../src/queue/budget/rate-budget.ts';
import { GateShut } from '../../../src/queue/budget/rate-gate.ts';
import { sharedAccount } from '../../../src/queue/budget/shared-account.ts';
import { sharedRateGates } from '../../../src/queue/budget/shared-rate-gate.ts';
import { budgetTables } from '../../../src/queue/budget/tables.ts';
import { openDatabase } from '../../../src/queue/database.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../postgres.ts';

const endpoint = { baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'a-secret-key' };
const signal = new AbortController().signal;

describe.skipIf(!postgres)(`a budget in the database${postgresNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const opened = async (url: string) => {
    const database = await openDatabase(url, { migrations: [budgetTables], timeoutMs: 5000 });
    onTestFinished(() => database.close());
    return database;
  };
  /** Several workers of one database. */
  const workers = async (count: number, url?: string) => {
    const address = url ?? (await server.database());
    return Promise.all(Array.from({ length: count }, () => opened(address)));
  };

  it('is one for all workers, and names no key', async () => {
    const [a, b] = await workers(2);
    if (!a || !b) throw new Error('no database');
    const limits = { tokens: 6 };
    const gates = [a, b].map((database) => sharedRateGates({ database, run: 'r', limits })(endpoint));
    await gates[0]?.enter(async () => {}, { signal, tokens: () => 1 });
    const late = new AbortController();
    const second = gates[1]?.enter(async () => {}, { signal: late.signal, tokens: () => 1 });
    await expect
      .poll(async () => (await a.ask('select 1 from proctor.budget_request where not granted')).length)
      .toBe(1);
    late.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await expect.poll(async () => (await a.ask('select 1 from proctor.budget_request')).length).toBe(0);
    const rows = await a.ask('select * from proctor.budget');
    expect(JSON.stringify(rows)).toContain('http://127.0.0.1:1/v1');
    expect(JSON.stringify(rows)).not.toContain('a-secret-key');
  });

  it('takes the limits that one worker was told for all, and for those who were given none alone', async () => {
    const [a, b] = await workers(2);
    if (!a || !b) throw new Error('no database');
    const [told, untold] = [a, b].map((database) => sharedRateGates({ database, run: 'r' })(endpoint));
    await told?.enter(async () => told.learn({ requests: { perMinute: 1, remaining: 0 } }), { signal });
    await expect
      .poll(async () => JSON.stringify(await a.ask('select state from proctor.budget')))
      .toContain('"told":{"requests":1}');
    const late = new AbortController();
    const second = untold?.enter(async () => {}, { signal: late.signal });
    await expect
      .poll(async () => (await a.ask('select 1 from proctor.budget_request where not granted')).length)
      .toBe(1);
    late.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    const given = sharedRateGates({ database: b, run: 'r', limits: { requests: 60_000 } })(endpoint);
    await given.enter(async () => {}, { signal });
  });

  it('makes all workers wait after a 429 that one of them got', async () => {
    const [a, b] = await workers(2);
    if (!a || !b) throw new Error('no database');
    const [first, second] = [a, b].map((database) => sharedRateGates({ database, run: 'r' })(endpoint));
    await second?.enter(async () => {}, { signal });
    await first?.enter(async () => first.shut(3_600_000), { signal });
    await expect
      .poll(async () => JSON.stringify(await a.ask('select state from proctor.budget')))
      .not.toContain('"shutUntil":0');
    const until = performance.now() + 60_000;
    await expect(second?.enter(async () => 'through', { signal, until })).rejects.toBeInstanceOf(GateShut);
  });

  it('gives nothing to a worker that lost the database, and goes on when it is back', async () => {
    const [database] = await workers(1);
    if (!database) throw new Error('no database');
    const gate = sharedRateGates({ database, run: 'r' })(endpoint);
    await gate.enter(async () => {}, { signal });
    const name = String((await database.ask<{ name: string }>('select current_database() as name'))[0]?.name);
    await server.ask(`alter database ${name} allow_connections false`);
    await server.ask('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    let entered = false;
    const through = gate.enter(
      async () => {
        entered = true;
      },
      { signal },
    );
    await sleep(300);
    expect(entered).toBe(false);
    await server.ask(`alter database ${name} allow_connections true`);
    await through;
    expect(entered).toBe(true);
  });

  it('counts a batch once that was sent twice, as nobody knew whether it had arrived', async () => {
    const [database] = await workers(1);
    if (!database) throw new Error('no database');
    const holder = '6f1f9f4e-8a3c-4a52-9d0e-0d9a3d3a3f10';
    const about = { name: 'rate', budget: rateBudget({ tokens: 60_000 }), holder, leaseMs: 30_000 };
    const batch = { sequence: 1, asked: [], settled: [], spent: [4000], shutMs: 0 };
    const once = await exchange(database, about, batch);
    const twice = await exchange(database, about, batch);
    expect(twice.state.tokens).toBeLessThan(10_000);
    expect(twice.state.tokens).toBeGreaterThanOrEqual(once.state.tokens);
    const next = await exchange(database, about, { ...batch, sequence: 2 });
    expect(next.state.tokens).toBeLessThan(twice.state.tokens);
  });

  it('gets back what a worker held that was killed', async () => {
    const url = await server.database();
    const [database] = await workers(1, url);
    if (!database) throw new Error('no database');
    const leaseMs = 1000;
    const worker = startHolder(url, leaseMs);
    onTestFinished(() => void worker.kill('SIGKILL'));
    await once(worker.stdout as NodeJS.EventEmitter, 'data');
    const account = sharedAccount({ database, run: 'r', maxCostUsd: 1, leaseMs });
    let reserved = false;
    const waiting = account.reserve(signal).then((settle) => {
      reserved = true;
      return settle;
    });
    await sleep(2 * leaseMs);
    expect(reserved).toBe(false);
    worker.kill('SIGKILL');
    const settle = await waiting;
    settle(0.25);
    await account.close();
    const [row] = await database.ask<{ state: unknown }>('select state from proctor.budget');
    expect(row?.state).toMatchObject({ spent: 0.85, reserved: 0, underWay: 0 });
  });

  it('is closed to all workers of a run once its money is spent, however many ask at once', async () => {
    const databases = await workers(3);
    const accounts = databases.map((database) =>
      sharedAccount({ database, run: 'r', maxCostUsd: 1, leaseMs: 20_000 }),
    );
    let paid = 0;
    const spend = async (account: (typeof accounts)[number]) => {
      for (;;) {
        const settle = await account.reserve(signal);
        paid += 1;
        settle(0.01);
      }
    };
    const all = accounts.flatMap((account) => Array.from({ length: 8 }, () => spend(account)));
    const ends = await Promise.allSettled(all);
    for (const end of ends) expect(end).toMatchObject({ reason: { code: 'budget-spent' } });
    await Promise.all(accounts.map((account) => account.close()));
    const [row] = await (databases[0]?.ask<{ state: { spent: number } }>(
      'select state from proctor.budget',
    ) ?? []);
    expect(row?.state.spent).toBeCloseTo(paid * 0.01);
    // All may be under way before the first cost is known.
    expect(paid).toBeLessThanOrEqual(100 + 24);
    expect(paid).toBeGreaterThanOrEqual(100);
  });
});

/** A worker that has spent 0.60 $ of 1 $ and holds as much again, until it is killed. */
function startHolder(url: string, leaseMs: number): ChildProcess {
  const script = new URL('hold.ts', import.meta.url).pathname;
  return spawn(process.execPath, ['node_modules/jiti/lib/jiti-cli.mjs', script, url, String(leaseMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
