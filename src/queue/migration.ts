import type { Client } from 'pg';
import { ProctorError } from '../errors.ts';

/** One change of the tables, made once in every database; never changed after it was released, only followed by others. */
export interface Migration {
  name: string;
  sql: string;
}

/** Key of the lock under which one process at a time brings a database up to date. */
const lock = 0x70_72_6f_63;

/**
 * Makes the migrations that a database lacks, in order, all or none. Throws `unsupported` where it was made by a newer Proctor,
 * or by one that had others.
 */
export async function migrate(
  client: Client,
  migrations: readonly Migration[],
  place: string,
): Promise<void> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [lock]);
    await client.query(
      'create schema if not exists proctor; create table if not exists proctor.migration (number int primary key, name text not null, made timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string }>(
      'select name from proctor.migration order by number',
    );
    const other = rows.findIndex(({ name }, number) => migrations[number]?.name !== name);
    if (other >= 0)
      throw new ProctorError(
        'unsupported',
        `${place}: its tables are of another version of Proctor (it has “${rows[other]?.name}”); use that version, or another database`,
      );
    for (const [number, { name, sql }] of migrations.entries()) {
      if (number < rows.length) continue;
      await client.query(sql);
      await client.query('insert into proctor.migration (number, name) values ($1, $2)', [number, name]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
