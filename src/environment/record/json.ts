import type { Json, JsonObject } from '../../schema/json.ts';
import type { RecordTables } from '../../schema/record.ts';

/**
 * Records of JSON: a list of objects, or lists of objects by name; of an object of objects the keys become the field
 * `key`. Text that is not JSON as a whole is read line by line. Throws a `SyntaxError` where that fails too.
 */
export function readJson(text: string): RecordTables {
  const value = parse(text);
  if (Array.isArray(value)) return { '': value.filter(isObject) };
  if (!isObject(value)) return {};
  const lists = Object.entries(value).flatMap(([name, list]): [string, JsonObject[]][] =>
    Array.isArray(list) ? [[name, list.filter(isObject)]] : [],
  );
  if (lists.length > 0) return Object.fromEntries(lists);
  const keyed = Object.entries(value).flatMap(([key, fields]) =>
    isObject(fields) ? [{ key, ...fields }] : [],
  );
  return { '': keyed.length > 0 ? keyed : [value] };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
