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
export const renameColumns = (content: Buffer, names: Readonly<Record<string, string>>): Promise<Buffer> =>
  changed(content, (database) => {
    for (const { table, column } of columnsOf(database)) {
      const other = names[column];
      if (other !== undefined)
        database.run(`alter table ${quoted(table)} rename column ${quoted(column)} to ${quoted(other)}`);
    }
  });

/** A database whose texts are others; those that stay are not written. Throws what SQLite says of a broken file. */
export const changeTexts = (content: Buffer, change: (text: string) => string): Promise<Buffer> =>
  changed(content, (database) => {
    database.create_function('changed_text', (text: string) => change(text));
    for (const { table, column } of columnsOf(database)) {
      const now = `changed_text(${quoted(column)})`;
      database.run(
        `update ${quoted(table)} set ${quoted(column)} = ${now} where typeof(${quoted(column)}) = 'text' and ${now} <> ${quoted(column)}`,
      );
    }
  });

/** A database with one more table, of texts. Throws what SQLite says, of a name that is taken too. */
export const addTable = (
  content: Buffer,
  { name, column, rows }: { name: string; column: string; rows: readonly string[] },
): Promise<Buffer> =>
  changed(content, (database) => {
    database.run(`create table ${quoted(name)} (id integer primary key, ${quoted(column)} text not null)`);
    for (const row of rows) database.run(`insert into ${quoted(name)} (${quoted(column)}) values (?)`, [row]);
  });

/** The bytes it has once something was done to it; as they are where nothing was. */
async function changed(content: Buffer, change: (database: Database) => void): Promise<Buffer> {
  const database = await open(content);
  try {
    const count = () => database.exec('select total_changes()')[0]?.values[0]?.[0];
    const schema = () => database.exec('pragma schema_version')[0]?.values[0]?.[0];
    const [rows, version] = [count(), schema()];
    change(database);
    return count() === rows && schema() === version ? content : Buffer.from(database.export());
  } finally {
    database.close();
  }
}

function columnsOf(database: Database): { table: string; column: string }[] {
  const tables = database.exec(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'",
  );
  return (tables[0]?.values ?? []).flatMap(([name]) => {
    const table = String(name);
    const columns = database.exec(`pragma table_info(${quoted(table)})`)[0]?.values ?? [];
    return columns.map(([, column]) => ({ table, column: String(column) }));
  });
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
