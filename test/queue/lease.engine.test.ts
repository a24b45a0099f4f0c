import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cancelTrials } from '../../src/queue/cancel.ts';
import { type Ask, type Database, openDatabase } from '../../src/queue/database.ts';
import {
  claimTrial,
  commitTrial,
  failTrial,
  type Leased,
  releaseTrial,
  renewLeases,
  takeBackLapsed,
} from '../../src/queue/lease.ts';
import { migrations } from '../../src/queue/migrations.ts';
import { planRun } from '../../src/queue/plan.ts';
import { lostAttempts, sumsOf } from '../../src/queue/status.ts';
import { endOf, lapse, planned, trialOf, worker } from './planned.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from './postgres.ts';

describe.skipIf(!postgres)(`trials in a queue${postgresNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const claimed = async (database: Database, name: string): Promise<Leased> => {
    const held = await claimTrial(database, worker(name));
    if (!held) throw new Error('nothing was claimed');
    return held;
  };
  const reasons = async (database: Database) =>
    (await database.ask<{ reason: string }>("select reason from proctor.trial where state = 'failed'")).map(
      ({ reason }) => reason,
    );

  it('are not blamed for a lease that ran out while the server was down', async () => {
    const database = await planned(server, [trialOf('a')], { maxTries: 1 });
    await claimed(database, 'w1');
    await database.ask(
      "update proctor.trial set lease_until = pg_postmaster_start_time() - interval '1 second'",
    );
    expect(await takeBackLapsed(database)).toHaveLength(1);
    expect(await lostAttempts(database, 'r1')).toMatchObject([
      { how: 'lost', reason: 'the lease ran out while the database was down' },
    ]);
    await claimed(database, 'w2');
    await lapse(database);
    await takeBackLapsed(database);
    expect(await reasons(database)).toHaveLength(1);
  });

  it('are planned all or none, and not twice', async () => {
    const database = await planned(server, [trialOf('a'), trialOf('b')]);
    const again = planRun(database, { run: 'r1', document: {}, manifest: {}, maxTries: 3 }, () => [
      trialOf('c'),
    ]);
    expect(await again).toBe(2);
    const broken = planRun(database, { run: 'r2', document: {}, manifest: {}, maxTries: 3 }, function* () {
      yield trialOf('d');
      throw new Error('no more');
    });
    await expect(broken).rejects.toThrow('no more');
    expect(await database.ask('select id, planned from proctor.run')).toEqual([{ id: 'r1', planned: 2 }]);
  });

  it('are each given to one of two workers that ask at the same time', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `t${at}`);
    const database = await planned(
      server,
      names.map((name) => trialOf(name)),
    );
    const taken = async (name: string) => {
      const all: string[] = [];
      for (;;) {
        const held = await claimTrial(database, worker(name));
        if (!held) return all;
        all.push(held.trial);
      }
    };
    const [one, other] = await Promise.all([taken('one'), taken('other')]);
    expect([...one, ...other].sort()).toEqual(names.sort());
  });

  it('are given to who offers what they need, the first first', async () => {
    const database = await planned(server, [
      trialOf('gpu', ['label:gpu']),
      trialOf('plain'),
      trialOf('last'),
    ]);
    expect((await claimed(database, 'plain'))?.trial).toBe('plain');
    const able = worker('able', { offers: ['label:arm', 'label:gpu'] });
    expect((await claimTrial(database, able))?.trial).toBe('gpu');
  });

  it('are taken from the run that has the fewest under way', async () => {
    const database = await planned(
      server,
      ['a', 'b', 'c'].map((name) => trialOf(name)),
    );
    await planRun(database, { run: 'r2', document: {}, manifest: {}, maxTries: 3 }, () => [
      trialOf('x'),
      trialOf('y'),
    ]);
    const taken = [];
    for (let count = 0; count < 5; count++) taken.push((await claimed(database, 'w')).run);
    expect(taken).toEqual(['r1', 'r2', 'r1', 'r2', 'r1']);
  });

  it('are committed once: what a worker that lost its lease brings is refused and kept apart', async () => {
    const database = await planned(server, [trialOf('a')]);
    const zombie = await claimed(database, 'zombie');
    await lapse(database);
    expect(await takeBackLapsed(database)).toMatchObject([{ trial: 'a', fence: 1 }]);
    expect(await renewLeases(database, worker('zombie'), [zombie])).toEqual([]);
    const next = await claimed(database, 'next');
    expect(next.fence).toBe(2);
    expect(await commitTrial(database, zombie, endOf('a'))).toBe('refused');
    expect(await commitTrial(database, next, endOf('a'))).toBe('committed');
    expect(await commitTrial(database, zombie, endOf('a'))).toBe('refused');
    expect(await lostAttempts(database, 'r1')).toMatchObject([
      { worker: 'zombie', how: 'refused', fence: 1 },
    ]);
    expect(await sumsOf(database, 'r1')).toMatchObject({ planned: 1, committed: 1, again: 1, refused: 1 });
  });

  it('are kept by whoever renews, even late, as long as nobody took them back', async () => {
    const database = await planned(server, [trialOf('a')]);
    const held = await claimed(database, 'slow');
    await lapse(database);
    expect(await renewLeases(database, worker('slow'), [held])).toMatchObject([{ trial: 'a' }]);
    expect(await takeBackLapsed(database)).toEqual([]);
    expect(await commitTrial(database, held, endOf('a'))).toBe('committed');
  });

  it('are failed with the reason after the last try, whoever died or failed with them', async () => {
    const database = await planned(server, [trialOf('dies'), trialOf('fails')], { maxTries: 2 });
    for (const _ of [1, 2]) {
      await claimed(database, 'w1');
      await failTrial(database, await claimed(database, 'w2'), 'its sandbox could not be opened');
      await lapse(database);
      await takeBackLapsed(database);
    }
    expect(await claimTrial(database, worker('w'))).toBeUndefined();
    expect((await reasons(database)).sort()).toEqual([
      'begun 2 times without a result; the last worker, w1, did not renew its lease',
      'its sandbox could not be opened',
    ]);
    expect(await sumsOf(database, 'r1')).toMatchObject({ planned: 2, committed: 0, failed: 2, waiting: 0 });
    await takeBackLapsed(database);
    expect(await database.ask('select state from proctor.run')).toEqual([{ state: 'done' }]);
  });

  it('that are handed back have not used a try', async () => {
    const database = await planned(server, [trialOf('a')], { maxTries: 1 });
    await releaseTrial(database, await claimed(database, 'leaving'), 'its worker was stopped');
    expect((await claimed(database, 'next')).fence).toBe(2);
  });

  it('that are cancelled are taken from their workers, and no result of them counts', async () => {
    const database = await planned(server, [trialOf('a'), trialOf('b'), trialOf('c')]);
    await commitTrial(database, await claimed(database, 'w'), endOf('a'));
    const held = await claimed(database, 'w');
    expect(await cancelTrials(database, { run: 'r1', trial: 'c', reason: 'not wanted' })).toBe(1);
    expect(await cancelTrials(database, { run: 'r1', reason: 'not wanted' })).toBe(1);
    expect(await renewLeases(database, worker('w'), [held])).toEqual([]);
    expect(await commitTrial(database, held, endOf('b'))).toBe('refused');
    expect(await sumsOf(database, 'r1')).toMatchObject({
      planned: 3,
      committed: 1,
      cancelled: 2,
      running: 0,
    });
  });

  it('are leased by the clock of the database: that of a worker may be wrong by any time', async () => {
    const database = await planned(server, [trialOf('a')]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const held = await claimed(database, 'ahead');
    vi.setSystemTime(Date.now() - 7_200_000);
    expect(await takeBackLapsed(database)).toEqual([]);
    expect(await renewLeases(database, worker('ahead'), [held])).toHaveLength(1);
    expect(await commitTrial(database, held, endOf('a'))).toBe('committed');
  });

  describe('when the connection is cut in the middle', () => {
    const cutAll = () =>
      server.ask("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'proctor'");
    /** Cuts the connection once, after a transaction's first statement. */
    const cutBeforeCommit = (database: Database): Database => {
      let isCut = false;
      return {
        ...database,
        transaction: (work, options) =>
          database.transaction((ask) => {
            const cutting: Ask = async (sql, values) => {
              const rows = await ask(sql, values);
              if (!isCut) await cutAll();
              isCut = true;
              return rows as never;
            };
            return work(cutting);
          }, options),
      };
    };
    /** As if the answer to `commit` had been lost: what was committed is done again. */
    const cutAfterCommit = (database: Database): Database => ({
      ...database,
      async transaction(work, options) {
        await database.transaction(work, options);
        return database.transaction(work, options);
      },
    });

    it.each([
      ['before it was committed', cutBeforeCommit],
      ['after it was committed', cutAfterCommit],
    ])('each is planned, claimed, handed back, committed and cancelled once, %s', async (_, cut) => {
      const database = await openDatabase(await server.database(), { migrations });
      onTestFinished(() => database.close());
      const run = { run: 'r1', document: {}, manifest: {}, maxTries: 3 };
      const trials = () => [trialOf('a'), trialOf('b'), trialOf('c')];
      expect(await planRun(cut(database), run, trials)).toBe(3);
      const first = await claimTrial(cut(database), worker('w'));
      expect(first).toMatchObject({ trial: 'a', fence: 1 });
      const held = first as Leased;
      expect(await sumsOf(database, 'r1')).toMatchObject({ planned: 3, waiting: 2, running: 1 });
      expect(await commitTrial(cut(database), held, endOf('a'))).toBe('committed');
      await releaseTrial(cut(database), await claimed(database, 'w'), 'its worker was stopped');
      await failTrial(cut(database), await claimed(database, 'w'), 'no space');
      expect(await database.ask("select tries, fence from proctor.trial where trial = 'b'")).toEqual([
        { tries: 1, fence: 2 },
      ]);
      await cancelTrials(cut(database), { run: 'r1', reason: 'not wanted' });
      expect(await sumsOf(database, 'r1')).toMatchObject({
        planned: 3,
        committed: 1,
        cancelled: 2,
        refused: 0,
      });
    });
  });
});
