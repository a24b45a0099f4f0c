import { messageOf, ProctorError } from '../../errors.ts';

/** A string, or a number that Python writes and JSON lacks. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs;

/** JSON of another tool; `NaN` and `Infinity`, which Python writes, are null. Throws `bad-file` naming `where`. */
export function parseForeignJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const mended = text.replace(stringOrNumber, (found) => (found.startsWith('"') ? found : 'null'));
    if (mended !== text) return parseForeignJson(where, mended);
    throw new ProctorError('bad-file', `${where}: expected JSON: ${messageOf(cause)}`, { cause });
  }
}

/** The records of a file: one JSON value, a list of records, or one record per line; reading one may throw `bad-file`. */
export function jsonRecords(
  file: string,
  text: string,
  isPart: (value: unknown) => boolean,
): { where: string; read(): unknown }[] {
  const lines = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [{ line, at: index + 1 }]));
  const perLine =
    lines.length > 1 && (/\.(jsonl|ndjson)$/.test(file) || parsed(lines[0]?.line) !== undefined);
  const value = perLine ? undefined : parseForeignJson(file, text);
  if (Array.isArray(value) && value.length > 0 && !value.some(isPart))
    return value.map((one, index) => ({ where: `${file}[${index}]`, read: () => one }));
  if (!perLine) return [{ where: file, read: () => value }];
  const values = lines.map(({ line }) => parsed(line));
  if (values.every(isPart)) return [{ where: file, read: () => values }];
  return lines.map(({ line, at }) => ({
    where: `${file}:${at}`,
    read: () => parseForeignJson(`${file}:${at}`, line),
  }));
}

function parsed(line = ''): unknown {
  try {
    return parseForeignJson('', line);
  } catch {
    return undefined;
  }
}
