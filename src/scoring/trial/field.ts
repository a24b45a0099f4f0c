import { readCsv } from '../../record/read.ts';
import type { Json } from '../../schema/json.ts';

/** Place → value, as text, of a form, a table or a JSON document; two documents of one layout have the same places. */
export type Fields = ReadonlyMap<string, string>;

/** The fields of a text: those of JSON, of a table with commas, or of lines such as `name: value`. */
export function fieldsOf(text: string): Fields {
  return jsonFields(text) ?? elementFields(text) ?? tableFields(text) ?? lineFields(text);
}

function jsonFields(text: string): Fields | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const fields = new Map<string, string>();
    addLeaves(JSON.parse(text), '', fields);
    return fields;
  } catch {
    return undefined;
  }
}

function addLeaves(value: Json, place: string, fields: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) fields.set(place, value === null ? '' : String(value));
  else for (const [key, part] of Object.entries(value)) addLeaves(part, `${place}/${key}`, fields);
}

/** XML elements that hold only text; a repeated name becomes a place of its own. */
function elementFields(text: string): Fields | undefined {
  if (!/^\s*</.test(text)) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/<([\p{L}_][\w.:-]*)(?:\s[^<>]*)?>([^<]*)<\//gu))
    fields.set(fields.has(name) ? `${name} ${fields.size}` : name, value);
  return fields;
}

/** Cells by the first cell of their row, and their column. */
function tableFields(text: string): Fields | undefined {
  const lines = text.trimEnd().split('\n');
  const commas = lines.map((line) => line.split(',').length);
  if (lines.length < 2 || commas.some((count) => count < 2 || count !== commas[0])) return undefined;
  const fields = new Map<string, string>();
  for (const row of Object.values(readCsv(text)).flat()) {
    const [[, first] = ['', ''], ...cells] = Object.entries(row);
    for (const [column, cell] of cells) fields.set(`${first}/${column}`, String(cell));
  }
  return fields;
}

/** A longer line is not read as a field, nor a longer value as a blank. */
const maxCharacters = 400;
const line = /^[\s*#-]{0,20}["']?([\p{L}][\p{L}\d _.-]{0,40}?)["']?\s{0,20}[:=](.*)$/u;

function lineFields(text: string): Fields {
  const fields = new Map<string, string>();
  for (const one of text.split(/\r?\n|\r/)) {
    const [, name, rest] = (one.length > maxCharacters ? undefined : line.exec(one)) ?? [];
    if (name === undefined || rest === undefined) continue;
    const value = rest
      .trim()
      .replace(/,$/, '')
      .replace(/^["']|["']$/g, '')
      .trim();
    fields.set(fields.has(name) ? `${name} ${fields.size}` : name, value);
  }
  return fields;
}

const blank =
  /^[([<{]*\s*(?:-+ )?(|-+|_+|\?+|\.{2,}|x{3,}|null|nil|none|nan|n\/?a|empty|blank|tbd|tba|todo|pending|missing|unknown|unset|(to be|awaiting|needs?|please|ask|left|see)\b.*|(not|never|un)[ -]?(yet )?(given|provided|known|stated|available|recorded|measured|filled|supplied|specified|set|sure|verified|confirmed)\b.*)\s*[)\]>}.-]*$/i;

/** Whether a value stands for a missing one. */
export const isBlank = (value: string) => value.length <= maxCharacters && blank.test(value.trim());
