import { messageOf, ProctorError } from '../../errors.ts';
import type { RecordTables } from '../../schema/record.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { isSqlite, readSqlite } from './sqlite.ts';

/** A file's records, or why they could not be read. */
export type RecordsRead = { records: RecordTables } | { unread: string };

/** Files with more than this are not read; records are counted over all tables, depth is of nested values. */
const limits = { maxBytes: 1024 * 1024, maxRecords: 1000, maxDepth: 50 } as const;

/** The records of a file, told by its content and name; throws `bad-file` with what is wrong with it. */
export async function readRecords(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length > limits.maxBytes)
    throw new ProctorError('bad-file', `it has ${content.length} bytes, at most ${limits.maxBytes} are read`);
  const tables = await parse(path, content).catch((error: unknown) => {
    throw new ProctorError('bad-file', messageOf(error), { cause: error });
  });
  const count = Object.values(tables).reduce((sum, { length }) => sum + length, 0);
  if (count > limits.maxRecords)
    throw new ProctorError('bad-file', `it has more than ${limits.maxRecords} records`);
  if (!isShallow(tables, limits.maxDepth))
    throw new ProctorError('bad-file', `it is nested more than ${limits.maxDepth} deep`);
  return tables;
}

async function parse(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length === 0) return {};
  if (isSqlite(content)) return readSqlite(content, limits.maxRecords);
  return /\.(csv|tsv)$/i.test(path) ? readCsv(content.toString()) : readJson(content.toString());
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isShallow(part, depth - 1));
}
