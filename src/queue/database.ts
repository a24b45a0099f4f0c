import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ProctorError } from '../errors.ts';
import { placeOf } from './database-url.ts';
import { databaseFailure, isOfConnection, isPassing } from './failure.ts';
import { type Migration, migrate } from './migration.ts';

/** Asks in one statement; of what it gives, the rows. */
export type Ask = <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

export interface Database {
  /** The address without its password. */
  readonly place: string;
  /** One statement, not tried again. Throws `queue-unreachable`, and what is wrong with the statement. */
  readonly ask: Ask;
  /**
   * Does all of `work` or nothing. Done again for `patienceMs` (0 when absent) where the connection was cut or others were in the way,
   * also where nobody can tell whether it was committed: `work` must find what it did itself, and do nothing twice.
   */
  transaction<T>(
    work: (ask: Ask) => Promise<T>,
    options?: { patienceMs?: number; signal?: AbortSignal },
  ): Promise<T>;
  /** Calls `heard` at each notice, and with nothing after each (re)connection, as notices were missed meanwhile. */
  listen(channel: string, heard: (payload?: string) => void): AsyncDisposable;
  /** Waits a second at most for what is under way. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  migrations: readonly Migration[];
  /** Connections at most; 4 when absent. */
  connections?: number;
  /** Milliseconds after which an unanswered statement or connection counts as cut; 10,000 when absent. */
  timeoutMs?: number;
}

const oldest = 13;

/** Milliseconds for which what is under way is waited for at the end. */
const closeMs = 1000;

/**
 * A PostgreSQL database, its tables brought up to date. Times are the database's own (`now()`): no worker's clock is asked.
 * Throws `bad-flag` for an address, user or password that is wrong, `queue-unreachable` where nobody answers, `unsupported` for a
 * server before 13 and for tables of another version.
 */
export async function openDatabase(url: string, options: DatabaseOptions): Promise<Database> {
  const { migrations, connections = 4, timeoutMs = 10_000 } = options;
  const place = placeOf(url);
  const settings = {
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    idle_in_transaction_session_timeout: 2 * timeoutMs,
    keepAlive: true,
    application_name: 'proctor',
  };
  await prepare(settings, migrations, place);
  const pool = new pg.Pool({ ...settings, max: connections, allowExitOnIdle: true });
  // A connection that is cut while idle is replaced by the pool.
  pool.on('error', () => {});
  const askOf =
    (client: pg.Pool | pg.PoolClient): Ask =>
    async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(sql, [...values])).rows;

  async function once<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const cut = () => {};
    client.on('error', cut);
    let failed: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(askOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      failed = error as Error;
      if (!isPassing(error))
        await client.query('rollback').then(
          () => (failed = undefined),
          () => {},
        );
      throw error;
    } finally {
      client.off('error', cut);
      client.release(failed);
    }
  }

  return {
    place,
    async ask(sql, values) {
      try {
        return await askOf(pool)(sql, values);
      } catch (error) {
        throw isOfConnection(error) ? databaseFailure(error, place) : error;
      }
    },
    async transaction(work, { patienceMs = 0, signal } = {}) {
      const until = performance.now() + patienceMs;
      for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 1000)) {
        try {
          return await once(work);
        } catch (error) {
          if (!isPassing(error)) throw isOfConnection(error) ? databaseFailure(error, place) : error;
          if (signal?.aborted || performance.now() + pauseMs > until) throw databaseFailure(error, place);
          await sleep(pauseMs * (0.5 + Math.random() / 2));
        }
      }
    },
    listen: (channel, heard) => listen(settings, channel, heard),
    async close() {
      await Promise.race([pool.end(), sleep(closeMs, undefined, { ref: false })]);
    },
  };
}

async function prepare(
  settings: pg.ClientConfig,
  migrations: readonly Migration[],
  place: string,
): Promise<void> {
  const client = new pg.Client(settings);
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('show server_version');
    const version = rows[0]?.version ?? '';
    if (Number.parseInt(version, 10) < oldest)
      throw new ProctorError(
        'unsupported',
        `${place}: PostgreSQL ${version} is too old; ${oldest} or newer is needed`,
      );
    await migrate(client, migrations, place);
  } catch (error) {
    throw databaseFailure(error, place, { isFirst: true });
  } finally {
    await client.end().catch(() => {});
  }
}

/** Holds a connection of its own open, and opens another whenever it was cut. */
function listen(
  settings: pg.ClientConfig,
  channel: string,
  heard: (payload?: string) => void,
): AsyncDisposable {
  const stop = new AbortController();
  let client: pg.Client | undefined;
  const listening = (async () => {
    for (let pauseMs = 50; !stop.signal.aborted; pauseMs = Math.min(2 * pauseMs, 5000)) {
      const opened = new pg.Client(settings);
      const ended = new Promise<void>((resolve) => {
        opened.on('error', () => resolve());
        opened.on('end', () => resolve());
      });
      client = opened;
      try {
        await opened.connect();
        opened.on('notification', ({ payload }) => heard(payload));
        await opened.query(`listen ${opened.escapeIdentifier(channel)}`);
        pauseMs = 50;
        heard();
        if (!stop.signal.aborted) await ended;
      } catch {
        // Tried again below, as a connection that was cut is.
      }
      await opened.end().catch(() => {});
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await client?.end().catch(() => {});
      await listening;
    },
  };
}
