import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/queue/database.ts';
import type { Migration } from '../../src/queue/migration.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from './postgres.ts';

const migrations: Migration[] = [{ name: 'counts', sql: 'create table proctor.counted (n int primary key)' }];

describe.skipIf(!postgres)(`a database of a queue${postgresNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const opened = async (options: { url?: string; migrations?: Migration[]; timeoutMs?: number } = {}) => {
    const database = await openDatabase(options.url ?? (await server.database()), { migrations, ...options });
    onTestFinished(() => database.close());
    return database;
  };
  const cutAll = () =>
    server.ask("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'proctor'");

  it('is brought up to date once, also by several at the same time', async () => {
    const url = await server.database();
    const [first] = await Promise.all([1, 2, 3, 4].map(() => opened({ url })));
    expect(await first?.ask('select number, name from proctor.migration')).toEqual([
      { number: 0, name: 'counts' },
    ]);
    const more = [...migrations, { name: 'more', sql: 'alter table proctor.counted add column why text' }];
    const later = await opened({ url, migrations: more });
    expect(await later.ask('select why from proctor.counted')).toEqual([]);
  });

  it('of another version of the tables is refused, and left as it was', async () => {
    const url = await server.database();
    await opened({ url });
    const other = [{ name: 'amounts', sql: 'create table proctor.amount (n int)' }];
    await expect(opened({ url, migrations: other })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^postgres:\/\/.*another version of Proctor \(it has “counts”\)/),
    });
    await expect(opened({ url, migrations: [] })).rejects.toThrow('another version of Proctor');
  });

  it('makes no table where one of the migrations fails', async () => {
    const url = await server.database();
    await expect(
      opened({ url, migrations: [...migrations, { name: 'bad', sql: 'create tabel x' }] }),
    ).rejects.toThrow();
    expect(await (await opened({ url })).ask('select * from proctor.counted')).toEqual([]);
  });

  it.each([
    ['mysql://somewhere/db', 'bad-flag', 'not a PostgreSQL address'],
    ['here', 'bad-flag', 'not the address of a database'],
    ['postgres://127.0.0.1', 'bad-flag', 'names no database'],
    [
      'postgres://proctor:secret@127.0.0.1:1/postgres',
      'queue-unreachable',
      'no PostgreSQL server answers there',
    ],
    ['postgres://proctor:wrong@127.0.0.1:PORT/postgres', 'bad-flag', 'refuses this password'],
    ['postgres://proctor:secret@127.0.0.1:PORT/nowhere', 'bad-flag', 'no such database'],
  ])('says in one line what is wrong with %s', async (url, code, message) => {
    const failure = opened({ url: url.replace('PORT', String(server.port)) });
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(failure).rejects.not.toThrow(/secret|wrong@|\n/);
  });

  it('does all of a transaction or nothing', async () => {
    const database = await opened();
    const failing = database.transaction(async (ask) => {
      await ask('insert into proctor.counted values (1)');
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    expect(await database.ask('select * from proctor.counted')).toEqual([]);
  });

  it('does a transaction again when its connection is cut in the middle, if it may take the time', async () => {
    const database = await opened();
    let times = 0;
    const inserting = (patienceMs?: number) =>
      database.transaction(
        async (ask) => {
          await ask('insert into proctor.counted values (1) on conflict do nothing');
          if (times++ === 0) await cutAll();
          await ask('select 1');
        },
        patienceMs === undefined ? {} : { patienceMs },
      );
    await expect(inserting()).rejects.toMatchObject({ code: 'queue-unreachable' });
    expect(await database.ask('select * from proctor.counted')).toEqual([]);
    times = 0;
    await inserting(10_000);
    expect(times).toBe(2);
    expect(await database.ask('select * from proctor.counted')).toEqual([{ n: 1 }]);
  });

  it('tells of a statement that the server never answers', async () => {
    const database = await opened({ timeoutMs: 300 });
    await expect(database.ask('select pg_sleep(60)')).rejects.toMatchObject({ code: 'queue-unreachable' });
    expect(await database.ask('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('hears of notices, and says when some may have been missed', async () => {
    const database = await opened();
    const heard: (string | undefined)[] = [];
    const until = async (count: number) => {
      while (heard.length < count) await sleep(10);
    };
    await using _ = database.listen('proctor_test', (payload) => heard.push(payload));
    await until(1);
    await database.ask("select pg_notify('proctor_test', 'one')");
    await until(2);
    await cutAll();
    await until(3);
    await database.ask("select pg_notify('proctor_test', 'two')");
    await until(4);
    expect(heard).toEqual([undefined, 'one', undefined, 'two']);
  });
});
