import papaparse from 'papaparse';
import { messageOf, ProctorError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts';
import type { RecordTables } from '../schema/state.ts';
import { isSqlite, readSqlite } from './sqlite.ts';

/** A file's records, or why they could not be read. */
export type RecordsRead = { records: RecordTables } | { unread: string };

/** Files with more than this are not read; records are counted over all tables, depth is of nested values. */
export const recordLimits = { maxBytes: 1024 * 1024, maxRecords: 1000, maxDepth: 50 } as const;

/** The records of a file, told by its content and name; throws `bad-file` with what is wrong with it. */
export async function readRecords(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length > recordLimits.maxBytes)
    throw new ProctorError(
      'bad-file',
      `it has ${content.length} bytes, at most ${recordLimits.maxBytes} are read`,
    );
  const tables = await parse(path, content).catch((error: unknown) => {
    throw new ProctorError('bad-file', messageOf(error), { cause: error });
  });
  const count = Object.values(tables).reduce((sum, { length }) => sum + length, 0);
  if (count > recordLimits.maxRecords)
    throw new ProctorError('bad-file', `it has more than ${recordLimits.maxRecords} records`);
  if (!isShallow(tables, recordLimits.maxDepth))
    throw new ProctorError('bad-file', `it is nested more than ${recordLimits.maxDepth} deep`);
  return tables;
}

async function parse(path: string, content: Buffer): Promise<RecordTables> {
  if (content.length === 0) return {};
  if (isSqlite(content)) return readSqlite(content, recordLimits.maxRecords);
  return /\.(csv|tsv)$/i.test(path) ? readCsv(content.toString()) : readJson(content.toString());
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isShallow(part, depth - 1));
}

/** Records of comma- or tab-separated text whose first line names the fields; of fields of one name the last counts. */
export function readCsv(text: string): RecordTables {
  const { data } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: true });
  const [names = [], ...rows] = data;
  return { '': rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? '']))) };
}

/**
 * Records of JSON: a list of objects, or lists of objects by name; of an object of objects the keys become the field
 * `key`. Text that is not JSON as a whole is read line by line. Throws a `SyntaxError` where that fails too.
 */
function readJson(text: string): RecordTables {
  const value = parseJson(text);
  if (Array.isArray(value)) return { '': value.filter(isJsonObject) };
  if (!isJsonObject(value)) return {};
  const lists = Object.entries(value).flatMap(([name, list]): [string, JsonObject[]][] =>
    Array.isArray(list) ? [[name, list.filter(isJsonObject)]] : [],
  );
  if (lists.length > 0) return Object.fromEntries(lists);
  const keyed = Object.entries(value).flatMap(([key, fields]) =>
    isJsonObject(fields) ? [{ key, ...fields }] : [],
  );
  return { '': keyed.length > 0 ? keyed : [value] };
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  }
}
