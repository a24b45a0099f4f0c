import { canonicalJson } from '../schema/canonical-json.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { RecordTables } from '../schema/state.ts';

/** One record that was created, changed or deleted; `before` and `after` are absent where there is none. */
export interface RecordChange {
  table: string;
  before?: JsonObject;
  after?: JsonObject;
}

/** What happened to the records of a file. A record is the one that was there before where its first field is the same. */
export function diffRecords(before: RecordTables, after: RecordTables): RecordChange[] {
  const tables = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const of = (all: RecordTables, table: string) => (Object.hasOwn(all, table) ? (all[table] ?? []) : []);
  return tables.flatMap((table) => diffTable(table, of(before, table), of(after, table)));
}

function diffTable(table: string, before: readonly JsonObject[], after: readonly JsonObject[]) {
  const gone = without(before, after);
  const come = without(after, before);
  const changes: RecordChange[] = [];
  for (const record of gone) {
    const same = come.findIndex((one) => keyOf(one) !== undefined && keyOf(one) === keyOf(record));
    const [next] = same < 0 ? [] : come.splice(same, 1);
    changes.push({ table, before: record, ...(next && { after: next }) });
  }
  return [...changes, ...come.map((record): RecordChange => ({ table, after: record }))];
}

/** The records of `some` that are not among `others`, as often as they are missing. */
function without(some: readonly JsonObject[], others: readonly JsonObject[]): JsonObject[] {
  const left = new Map<string, number>();
  for (const text of others.map(canonicalJson)) left.set(text, (left.get(text) ?? 0) + 1);
  return some.filter((record) => {
    const text = canonicalJson(record);
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

const keyOf = (record: JsonObject): Json | undefined => Object.values(record)[0];
