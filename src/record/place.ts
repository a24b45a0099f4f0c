import { Minimatch } from 'minimatch';
import type { Json } from '../schema/json.ts';
import { parsePlace, wildcard } from '../schema/place.ts';
import type { RecordTables, StateChange } from '../schema/state.ts';
import { diffRecords, type RecordChange } from './diff.ts';

/** One thing that changed: a file, a value of a server's state, or a field of a record in a file. */
export interface Touched {
  /** Absolute path of the file, or JSON pointer of the value. */
  path: string;
  op: StateChange['op'];
  /** Of a field of a record; absent where it is none. */
  record?: { table: string; key: string; field: string };
  /** The value, or the file's entry; absent where there was or is none. */
  before?: unknown;
  after?: unknown;
}

/** What the state is: a tree of files, or the JSON of a server. */
export type StateKind = 'files' | 'server';

/** Everything that a change touched, down to fields: of a created or deleted record or object each of its own. */
export function touchedBy(change: StateChange, kind: StateKind): Touched[] {
  if (kind === 'server') return leavesOf(change);
  if (!hasRecords(change)) return [change];
  const { path, before, after } = change;
  return diffRecords(recordsIn(before), recordsIn(after)).flatMap((one) => fieldsOf(path, one));
}

/** A state as what its creation would have touched. */
export function touchedByAll(state: Json, kind: StateKind): Touched[] {
  if (kind === 'server') return leavesOf({ path: '', op: 'created', after: state });
  const entries = Object.entries((state ?? {}) as Record<string, Json>);
  return entries.flatMap(([path, after]) => touchedBy({ path, op: 'created', after }, kind));
}

/** The place of what was touched, as a contract writes it. */
export function placeOf({ path, record }: Touched): string {
  return record ? `${path}#${record.table}/${record.key}/${record.field}` : path;
}

/** The record or object that was touched, as a place; of a server's state its first two levels. */
export function recordPlaceOf({ path, record }: Touched, kind: StateKind): string {
  if (record) return `${path}#${record.table}/${record.key}`;
  return kind === 'server' ? path.split('/').slice(0, 3).join('/') : path;
}

/** Tells what is at a place or below it. */
export function placeMatcher(text: string): (touched: Pick<Touched, 'path' | 'record'>) => boolean {
  const { path, table, key, field } = parsePlace(text);
  const glob = new Minimatch(path, { dot: true, nocomment: true, nonegate: true });
  const base = path.endsWith('/**') ? path.slice(0, -3) : undefined;
  const parts = { table: partMatcher(table), key: partMatcher(key), field: partMatcher(field) };
  return ({ path: touched, record }) => {
    if (touched !== base && !selfAndAbove(touched).some((one) => glob.match(one))) return false;
    if (table === undefined) return true;
    return (
      record !== undefined && parts.table(record.table) && parts.key(record.key) && parts.field(record.field)
    );
  };
}

/** Tells what is at any of some places or below it. */
export function placesMatcher(texts: readonly string[]): ReturnType<typeof placeMatcher> {
  const matchers = texts.map(placeMatcher);
  return (touched) => matchers.some((matches) => matches(touched));
}

function partMatcher(part: string | undefined): (text: string) => boolean {
  if (part === undefined || part === '*') return () => true;
  const pattern = wildcard(part);
  return (text) => pattern.test(text);
}

function selfAndAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

type Entry = { records?: RecordTables; unread?: string } | undefined;

/** Whether the records of a file are known before and after. */
function hasRecords({ before, after }: StateChange): boolean {
  const entries = [before, after] as Entry[];
  return entries.some((one) => one?.records) && entries.every((one) => one?.unread === undefined);
}

const recordsIn = (entry: unknown): RecordTables => (entry as Entry)?.records ?? {};

function fieldsOf(path: string, { table, before, after }: RecordChange): Touched[] {
  const [key = null] = Object.values(before ?? after ?? {});
  const op = before === undefined ? 'created' : after === undefined ? 'deleted' : 'changed';
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .filter((field) => op !== 'changed' || JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]))
    .map((field) => ({
      path,
      op,
      record: { table, key: String(key), field },
      ...(before && { before: before[field] }),
      ...(after && { after: after[field] }),
    }));
}

/** The values of objects and lists that were created or deleted as a whole; other changes are of single values already. */
function leavesOf(change: StateChange): Touched[] {
  const { path, op } = change;
  const side = op === 'created' ? 'after' : 'before';
  const value = change[side];
  if (op === 'changed' || typeof value !== 'object' || value === null) return [change];
  const inner = Object.entries(value).map(([key, part]) => [
    Array.isArray(value) ? idOf(part, key) : key,
    part,
  ]);
  if (inner.length === 0) return [change];
  return inner.flatMap(([key, part]) =>
    leavesOf({
      path: `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      op,
      [side]: part,
    }),
  );
}

function idOf(element: Json, index: string): string {
  const { id } = (element ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : index;
}
