import { messageOf, ProctorError } from '../../errors.ts';
import type { RecordTables } from '../../schema/record.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { isSqlite, readSqlite } from './sqlite.ts';

/** A file's records, or why they could not be read. */
export type RecordsRead = { records: RecordTables } | { unread: string };

/** Above these a file's records are not read: bytes, and records in all tables. */
const most = { bytes: 4 * 1024 * 1024, records: 1000 } as const;

/** The records of a file, told by its content and name; throws `bad-file` with what is wrong with it. */
export async function readRecords(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length > most.bytes)
    throw new ProctorError('bad-file', `it has ${content.length} bytes, at most ${most.bytes} are read`);
  const tables = await parse(path, content).catch((error: unknown) => {
    throw new ProctorError('bad-file', messageOf(error), { cause: error });
  });
  const count = Object.values(tables).reduce((sum, { length }) => sum + length, 0);
  if (count <= most.records) return tables;
  throw new ProctorError('bad-file', `it has more than ${most.records} records`);
}

async function parse(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length === 0) return {};
  if (isSqlite(content)) return readSqlite(content, most.records);
  return /\.(csv|tsv)$/i.test(path) ? readCsv(content.toString()) : readJson(content.toString());
}
