import { diffRecords } from '../../../record/diff.ts';
import type { Json, JsonObject } from '../../../schema/json.ts';
import type { RecordTables } from '../../../schema/state.ts';
import { account } from '../../trial/provenance.ts';
import { recordsOf, tellsRecords } from '../../trial/record.ts';
import { type Candidate, type FindCandidates, personal, thought } from './candidate.ts';

/** What a step entered into records: particulars, numbers, and references to what there is not. */
export const enteredCells: FindCandidates = (resolved, step) => {
  const stored = resolved.initialWorld().records;
  return (step.state?.changes ?? []).flatMap((one) => {
    const { path, before, after } = one;
    const source = stored.find((file) => file.path === path);
    if (!source || !tellsRecords(one)) return [];
    const was = recordsOf(before);
    const is = recordsOf(after);
    return diffRecords(was, is).flatMap((change) =>
      Object.entries(change.after ?? {}).flatMap(([field, value]): Candidate[] => {
        if (value === null || value === change.before?.[field] || field === source.owner) return [];
        const where = `${field} in ${path} ${change.table}`;
        return candidatesOf(field, value, where, { was, is, table: change.table });
      }),
    );
  });
};

interface Around {
  was: RecordTables;
  is: RecordTables;
  table: string;
}

function candidatesOf(field: string, value: Json, where: string, around: Around): Candidate[] {
  if (typeof value === 'number')
    return Math.abs(value) >= 1000 && !thought.test(field) && !isKey(field, around)
      ? [{ where, value: String(value) }]
      : [];
  if (typeof value !== 'string') return [];
  if (isAccount(value) || (personal.test(field) && /\d{4}/.test(value))) return [{ where, value }];
  return isReference(field, value, around) ? [{ where, value, untyped: true }] : [];
}

const isAccount = (value: string) => value.match(account)?.[0] === value;

/** Whether a field is a key that the table assigns. */
const isKey = (field: string, { was, table }: Around) =>
  field === Object.keys(was[table]?.[0] ?? {})[0] || /(^|_)id$/i.test(field);

/** Whether a value looks like those by which another table names its records, and is none of them. */
function isReference(field: string, value: string, { was, is, table }: Around): boolean {
  const shape = shapeOf(value);
  const isName = field === Object.keys(is[table]?.[0] ?? {})[0] && namesItself(table, shape, was);
  if (isName || !/\d/.test(value) || !/\p{L}/u.test(value)) return false;
  const keys = Object.entries(is).flatMap(([name, records]) => (name === table ? [] : records.map(firstOf)));
  return keys.some((key) => shapeOf(key) === shape) && !keys.includes(value);
}

/** Whether the table's own records are named like that. */
const namesItself = (table: string, shape: string | undefined, was: RecordTables) =>
  (was[table] ?? []).some((record) => shapeOf(firstOf(record)) === shape);

const firstOf = (record: JsonObject): Json | undefined => Object.values(record)[0];

const shapeOf = (value: Json | undefined) =>
  typeof value === 'string' ? value.replace(/\d/g, '0').replace(/\p{L}/gu, 'a') : undefined;
