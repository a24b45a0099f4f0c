import { createHash } from 'node:crypto';
import type { Database, SqlJsStatic, SqlValue } from 'sql.js';
import type { Json, JsonObject } from '../schema/json.ts';
import type { RecordTables } from '../schema/state.ts';

/** A database with more tables is not read. */
const maxTables = 100;

let library: Promise<SqlJsStatic> | undefined;

export const isSqlite = (content: Buffer) => content.subarray(0, 16).toString() === 'SQLite format 3\0';

/**
 * Every table's rows, without generated columns, which would run what the database's author wrote; at most one row
 * above `limit` in all. Throws what SQLite says of a broken file.
 */
export async function readSqlite(content: Buffer, limit: number): Promise<RecordTables> {
  const database = await open(content);
  try {
    const rows = (sql: string): SqlValue[][] => database.exec(sql)[0]?.values ?? [];
    const names =
      rows(`select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'
      and sql not like 'create virtual%' order by name limit ${maxTables + 1}`).map(([name]) => String(name));
    if (names.length > maxTables) throw new Error(`it has more than ${maxTables} tables`);
    const tables: [string, JsonObject[]][] = [];
    let left = limit + 1;
    for (const name of names) {
      const columns = rows(`pragma table_info(${quoted(name)})`).map(([, column]) => String(column));
      const found = rows(`select ${columns.map(quoted).join(', ')} from ${quoted(name)} limit ${left}`);
      tables.push([name, found.map((row) => recordOf(columns, row))]);
      left -= found.length;
    }
    return Object.fromEntries(tables);
  } finally {
    database.close();
  }
}

/** A database whose columns of these names have others. Throws what SQLite says of a broken file. */
export async function renameColumns(
  content: Buffer,
  names: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const database = await open(content);
  try {
    const tables = database.exec(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'",
    );
    for (const [table] of tables[0]?.values ?? [])
      for (const [, column] of database.exec(`pragma table_info(${quoted(String(table))})`)[0]?.values ??
        []) {
        const other = names[String(column)];
        if (other !== undefined)
          database.run(
            `alter table ${quoted(String(table))} rename column ${quoted(String(column))} to ${quoted(other)}`,
          );
      }
    return Buffer.from(database.export());
  } finally {
    database.close();
  }
}

async function open(content: Buffer): Promise<Database> {
  library ??= import('sql.js').then(({ default: initialize }) => initialize());
  const { Database: Opened } = await library;
  return new Opened(rollback(content));
}

/** A database in write-ahead mode can be opened only by a process that shares memory; what its log does not hold is in its main file. */
function rollback(content: Buffer): Buffer {
  if (content[18] !== 2) return content;
  const copy = Buffer.from(content);
  copy.fill(1, 18, 20);
  return copy;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function recordOf(columns: readonly string[], row: readonly SqlValue[]): JsonObject {
  return Object.fromEntries(columns.map((column, index): [string, Json] => [column, jsonOf(row[index])]));
}

function jsonOf(value: SqlValue | undefined): Json {
  if (value instanceof Uint8Array) return blobOf(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null);
}

/** A short one in hex, as SQL writes it; of a long one its size and digest. */
function blobOf(value: Uint8Array): string {
  if (value.length <= 64) return `x'${Buffer.from(value).toString('hex')}'`;
  return `${value.length} bytes, sha256 ${createHash('sha256').update(value).digest('hex')}`;
}
