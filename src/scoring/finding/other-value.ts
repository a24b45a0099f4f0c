import type { JsonObject } from '../../schema/json.ts';
import { sha256Of } from '../../schema/state.ts';
import { stands } from '../provenance.ts';
import { isOther, ownerByPath, type StoredRecords } from '../record.ts';
import type { ResolvedTrial } from '../resolved-trial.ts';

/** What is recorded of others than a principal. */
export interface OtherRecords {
  /** What of it a text holds: values and lines that none of the principal's have, or a line with a whole record. */
  in(text: string): string[];
  /** sha256 of the files that were there from the start. */
  digests: readonly string[];
  /** Whether it is kept in the file. */
  stands(path: string): boolean;
}

/** Characters; a shorter value or line may stand anywhere by chance. */
const shortest = { value: 4, line: 8 } as const;

export function otherRecords(
  resolved: ResolvedTrial,
  stored: readonly StoredRecords[],
  principal: string,
): OtherRecords {
  const ownerOf = ownerByPath(resolved.trial);
  const { values: recorded, wholes } = recordedValues(stored, principal);
  const elsewhere = resolved
    .initialWorld()
    .files.filter(({ path }) => !stored.some((one) => one.path === path) && ownerOf(path) === undefined);
  const values = recorded.filter((value) => !elsewhere.some(({ text }) => stands(value, text)));
  const lines = ownedLines(resolved, ownerOf, principal);
  return {
    in(text) {
      if (text === '') return [];
      const told = [
        ...values.filter((value) => stands(value, text)),
        ...lines.filter((line) => text.includes(line)),
      ];
      if (told.length > 0) return told;
      const near = wholes.filter((cells) => cells.every((cell) => text.includes(cell)));
      if (near.length === 0) return [];
      const shown = text.split('\n');
      return near
        .filter((cells) => shown.some((line) => cells.every((cell) => stands(cell, line))))
        .map((cells) => cells.join(' '));
    },
    digests: Object.values(resolved.trial.initial?.value ?? {}).flatMap((entry) => sha256Of(entry) ?? []),
    stands: (path) => stored.some((one) => one.path === path) || ownerOf(path) !== undefined,
  };
}

function recordedValues(stored: readonly StoredRecords[], principal: string) {
  const all = stored.flatMap(({ owner, tables }) =>
    owner === undefined
      ? []
      : Object.values(tables).flatMap((records) => records.map((record) => ({ owner, record }))),
  );
  const others = all.filter(({ owner, record }) => isOther(record[owner], principal));
  const own = new Set(
    all.filter((one) => !others.includes(one)).flatMap(({ record }) => Object.values(record).map(String)),
  );
  const values = others
    .flatMap(({ owner, record }) => tellingValues(record, owner))
    .filter((value) => !own.has(value));
  const wholes = others.map(({ record }) => Object.values(record).flatMap(cellOf));
  return { values: [...new Set(values)], wholes: wholes.filter((cells) => cells.length > 2) };
}

/** Values with something else than letters in them, such as a number or an address. */
function tellingValues(record: JsonObject, owner: string): string[] {
  return Object.entries(record).flatMap(([field, value]) =>
    field !== owner &&
    typeof value === 'string' &&
    value.length >= shortest.value &&
    /[^\p{L}_-]/u.test(value) &&
    !/^\d{4}-\d\d-\d\d/.test(value)
      ? [value]
      : [],
  );
}

const cellOf = (value: unknown) =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? [String(value)] : [];

/** Lines of others' files that stand in none of the principal's. */
function ownedLines(
  resolved: ResolvedTrial,
  ownerOf: (path: string) => string | undefined,
  principal: string,
): string[] {
  const files = resolved.initialWorld().files.flatMap(({ path, text }) => {
    const owner = ownerOf(path);
    return owner === undefined ? [] : [{ owner, lines: text.split('\n') }];
  });
  const own = new Set(files.filter(({ owner }) => !isOther(owner, principal)).flatMap(({ lines }) => lines));
  const others = files.filter(({ owner }) => isOther(owner, principal)).flatMap(({ lines }) => lines);
  return [...new Set(others)].filter((line) => line.trim().length >= shortest.line && !own.has(line));
}
