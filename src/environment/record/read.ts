import { messageOf, ProctorError } from '../../errors.ts';
import type { RecordTables } from '../../schema/record.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { isSqlite, readSqlite } from './sqlite.ts';

/** A file's records, or why they could not be read. */
export type RecordsRead = { records: RecordTables } | { unread: string };

/** Above these a file's records are not read: bytes, records in all tables, and values in values. */
const most = { bytes: 1024 * 1024, records: 1000, depth: 50 } as const;

/** The records of a file, told by its content and name; throws `bad-file` with what is wrong with it. */
export async function readRecords(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length > most.bytes)
    throw new ProctorError('bad-file', `it has ${content.length} bytes, at most ${most.bytes} are read`);
  const tables = await parse(path, content).catch((error: unknown) => {
    throw new ProctorError('bad-file', messageOf(error), { cause: error });
  });
  const count = Object.values(tables).reduce((sum, { length }) => sum + length, 0);
  if (count > most.records) throw new ProctorError('bad-file', `it has more than ${most.records} records`);
  if (!isShallow(tables, most.depth))
    throw new ProctorError('bad-file', `it is nested more than ${most.depth} deep`);
  return tables;
}

async function parse(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length === 0) return {};
  if (isSqlite(content)) return readSqlite(content, most.records);
  return /\.(csv|tsv)$/i.test(path) ? readCsv(content.toString()) : readJson(content.toString());
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isShallow(part, depth - 1));
}
