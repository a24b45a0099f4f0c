import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const home = '/usr/lib/postgresql';

const bin = (existsSync(home) ? readdirSync(home) : [])
  .sort((a, b) => Number(a) - Number(b))
  .map((version) => join(home, version, 'bin'))
  .filter((dir) => existsSync(join(dir, 'initdb')))
  .at(-1);

/** Whether tests may start a PostgreSQL server. With `PROCTOR_REQUIRE_POSTGRES=1` its absence is a failure. */
export const postgres = bin !== undefined;

/** Put into the names of tests that need a server, so that a skip says why. */
export const postgresNote = postgres ? '' : ' (skipped: no PostgreSQL; apt-get install postgresql)';

if (!postgres && process.env.PROCTOR_REQUIRE_POSTGRES === '1')
  throw new Error('PROCTOR_REQUIRE_POSTGRES=1, but there is no /usr/lib/postgresql/*/bin/initdb');

export interface PostgresServer {
  /** On which it also listens at 127.0.0.1, or at every address if asked to, by password `secret` (user `proctor`). */
  port: number;
  /** A fresh database, reached over the server's socket without a password. */
  database(): Promise<string>;
  /** Asks the server itself, such as to cut connections. */
  ask(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
  /** Ends the server, as if it had died, until `start`. */
  halt(): void;
  start(): void;
}

/** A server of the machine's own PostgreSQL with an empty cluster, as a user that is not root; gone with `stop` and its folder. */
export async function startPostgres({ everywhere = false } = {}): Promise<PostgresServer> {
  if (!bin) throw new Error(postgresNote);
  const dir = mkdtempSync(join(tmpdir(), 'proctor-pg-'));
  const owner = process.getuid?.() === 0 ? userOf('postgres') : {};
  if (owner.uid !== undefined) chownSync(dir, owner.uid, owner.gid ?? owner.uid);
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, {
      ...owner,
      cwd: dir,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: 'pipe',
    });
  const data = join(dir, 'data');
  const port = await freePort();
  writeFileSync(join(dir, 'password'), 'secret\n', { mode: 0o644 });
  run(
    'initdb',
    '-D',
    data,
    '-U',
    'proctor',
    '-A',
    'trust',
    '--auth-host=scram-sha-256',
    `--pwfile=${join(dir, 'password')}`,
    '-E',
    'UTF8',
    '--no-sync',
  );
  if (everywhere) appendFileSync(join(data, 'pg_hba.conf'), 'host all all all scram-sha-256\n');
  const settings = `-c listen_addresses='${everywhere ? '*' : '127.0.0.1'}' -c port=${port} -c unix_socket_directories='${dir}' -c fsync=off -c max_connections=200`;
  const start = () => void run('pg_ctl', '-D', data, '-w', '-l', join(dir, 'log'), '-o', settings, 'start');
  start();
  const urlOf = (name: string) =>
    `postgres://proctor@localhost:${port}/${name}?host=${encodeURIComponent(dir)}`;
  const ask = async (sql: string, values: unknown[] = []) => {
    const client = new pg.Client(urlOf('postgres'));
    await client.connect();
    try {
      return (await client.query(sql, values)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  let databases = 0;
  const halt = () => void run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
  return {
    port,
    ask,
    start,
    halt,
    async database() {
      const name = `test_${databases++}`;
      await ask(`create database ${name}`);
      return urlOf(name);
    },
    async stop() {
      halt();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function userOf(name: string): { uid?: number; gid?: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
