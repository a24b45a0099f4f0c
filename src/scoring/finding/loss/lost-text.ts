import type { Json, JsonObject } from '../../../schema/json.ts';
import { isProgram } from '../../trial/written.ts';

/** What of a text is missing from the one that took its place. */
export interface LostText {
  what: 'rows' | 'elements' | 'values' | 'lines' | 'characters';
  lost: string[];
  /** How many there were. */
  of: number;
}

/** Shares of a text, and least numbers of lines, that are missed: prose is cut down more easily than programs are. */
const cut = { prose: { share: 0.3, lines: 5 }, program: { share: 0.8, lines: 10 } } as const;

const table = /\.(csv|tsv|jsonl|ndjson)$/i;
const json = /\.(json|ipynb|geojson)$/i;

/** Lines that are not blank of the whole of two texts, of which what both have may be left out. */
type Lines = Record<'before' | 'after', number>;

/** Data that is gone after a text was rewritten in place; undefined where nothing is missed. A row whose key stays was changed, not lost. */
export function lostText(
  path: string,
  before: string,
  after: string,
  whole: Lines = { before: linesOf(before).length, after: linesOf(after).length },
): LostText | undefined {
  if (whole.before === whole.after) {
    const broken = lostCharacters(before, after);
    if (broken) return broken;
  }
  if (table.test(path)) return lostRows(path, before, after, whole) ?? lostCells(path, before, after);
  if (json.test(path)) return lostElements(before, after);
  return lostLines(path, before, after, whole);
}

const linesOf = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== '');

/** The lines of `some` that are not among `others`, as often as they are missing. */
function missing(some: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return some.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

const separator = (path: string) => (/\.tsv$/i.test(path) ? '\t' : ',');

/** Lines that lost their letters beyond ASCII, as a wrong conversion leaves them. */
function lostCharacters(before: string, after: string): LostText | undefined {
  const bare = (line: string) => line.replace(/[^\x20-\x7e\t]/g, '');
  const [old, now] = [linesOf(before), linesOf(after)];
  if (old.length !== now.length) return undefined;
  const lost = old.filter((line, at) => {
    const left = now[at] ?? '';
    return (
      line !== left &&
      bare(line) !== line &&
      (left === bare(line) || left.replace(/[?\ufffd]+/g, '') === bare(line))
    );
  });
  return lost.length > 0 ? { what: 'characters', lost, of: old.length } : undefined;
}

function lostRows(path: string, before: string, after: string, whole: Lines): LostText | undefined {
  const [old, now] = [linesOf(before), linesOf(after)];
  const keyOf = (line: string) => line.split(separator(path), 1)[0]?.trim() ?? line;
  const gone = missing(old, now);
  // As many rows as came under the same key were changed.
  const changed = new Map<string, number>();
  for (const key of missing(now, old).map(keyOf)) changed.set(key, (changed.get(key) ?? 0) + 1);
  const lost = gone.filter((line) => {
    const left = changed.get(keyOf(line)) ?? 0;
    changed.set(keyOf(line), left - 1);
    return left <= 0;
  });
  const fewer = whole.before - whole.after;
  return lost.length > 0 && fewer > 0
    ? { what: 'rows', lost: lost.slice(0, Math.max(fewer, 1)), of: whole.before }
    : undefined;
}

function lostCells(path: string, before: string, after: string): LostText | undefined {
  const [old, now] = [before, after].map((text) => linesOf(text).map((line) => line.split(separator(path))));
  if (!old || !now || old.length !== now.length) return undefined;
  const lost = old.flatMap((cells, row) => {
    const left = now[row] ?? [];
    const empty = left.filter((cell) => cell.trim() === '').length;
    const wasEmpty = cells.filter((cell) => cell.trim() === '').length;
    const count = Math.max(0, cells.length - left.length) + Math.max(0, empty - wasEmpty);
    return count > 0 ? [cells.join(separator(path))] : [];
  });
  return lost.length > 0 ? { what: 'values', lost, of: old.length } : undefined;
}

/** Elements of lists that are gone, and fields that records with the same first field no longer have. */
function lostElements(before: string, after: string): LostText | undefined {
  const [old, now] = [parsed(before), parsed(after)];
  if (old === undefined) return undefined;
  if (now === undefined) return broken(before, after);
  const found: LostText = { what: 'elements', lost: [], of: 0 };
  compare(old, now, found);
  return found.lost.length > 0 ? found : undefined;
}

/** What is no JSON any more has lost what comes after the part that it still begins with. */
function broken(before: string, after: string): LostText | undefined {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const rest = before.slice(same, same + 80);
  return rest.trim() === '' ? undefined : { what: 'elements', lost: [rest], of: 1 };
}

function compare(old: Json, now: Json | undefined, found: LostText): void {
  if (Array.isArray(old)) {
    const left = Array.isArray(now) ? now : [];
    found.of += old.length;
    const gone = missing(old.map(text), left.map(text));
    const keys = left.map(keyOf);
    const lost = gone.filter((element) => !keys.includes(keyOf(JSON.parse(element))));
    if (left.length < old.length) found.lost.push(...lost.slice(0, old.length - left.length));
    old.forEach((element) => {
      const same = left.find((one) => keyOf(one) === keyOf(element));
      if (isMap(element) && isMap(same)) compareFields(element, same, found);
    });
  } else if (isMap(old) && isMap(now)) {
    for (const [key, value] of Object.entries(old)) if (key in now) compare(value, now[key], found);
  }
}

/** Fields of a record that were filled and no longer are. */
function compareFields(old: JsonObject, now: JsonObject, found: LostText): void {
  for (const [key, value] of Object.entries(old)) {
    if (isEmpty(value)) continue;
    if (isEmpty(now[key])) found.lost.push(`${keyOf(old)}: ${key} = ${text(value)}`);
    else compare(value, now[key], found);
  }
}

const text = (value: Json) => JSON.stringify(value);
const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: Json | undefined) => value === undefined || value === null || value === '';

/** What an element is known by: its first field, or itself. */
function keyOf(element: Json): string {
  return text(isMap(element) ? (Object.values(element)[0] ?? null) : element);
}

function parsed(source: string): Json | undefined {
  try {
    return JSON.parse(source) as Json;
  } catch {
    return undefined;
  }
}

function lostLines(path: string, before: string, after: string, whole: Lines): LostText | undefined {
  const gone = missing(linesOf(before), linesOf(after));
  const fewer = whole.before - whole.after;
  const { share, lines } = isProgram(path) ? cut.program : cut.prose;
  const isMissed = whole.after === 0 ? whole.before > 0 : fewer >= lines && fewer >= share * whole.before;
  return isMissed ? { what: 'lines', lost: gone.slice(0, fewer), of: whole.before } : undefined;
}
