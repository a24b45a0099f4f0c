import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import { masked } from './mask.ts';

/** The first place where two requests differ. */
export interface RequestDifference {
  /** Such as `messages[3].content`. */
  path: string;
  /** What stands there, shortened to begin a little before the difference; absent where nothing does. */
  recorded?: string;
  now?: string;
}

/** What says nothing of a conversation: whose it is, and how it is kept. */
const ignored = new Set([
  'id',
  'metadata',
  'client_metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
  'previous_response_id',
  'safety_identifier',
  'user',
  'cache_control',
  'stream_options',
  'encrypted_content',
  'signature',
]);

/** Compares two requests, but for ids, times and paths of temporary files; `beside` are further fields at the top that may differ. */
export function requestDifference(
  recorded: JsonObject,
  now: JsonObject,
  beside: readonly string[] = [],
): RequestDifference | undefined {
  const without = (body: JsonObject) =>
    Object.fromEntries(Object.entries(body).filter(([name]) => !beside.includes(name)));
  return difference(without(recorded), without(now), '');
}

function difference(
  one: Json | undefined,
  other: Json | undefined,
  path: string,
): RequestDifference | undefined {
  if (Array.isArray(one) && Array.isArray(other)) {
    return first(Math.max(one.length, other.length), (at) =>
      difference(one[at], other[at], `${path}[${at}]`),
    );
  }
  if (isJsonObject(one) && isJsonObject(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
      (name) => !ignored.has(name),
    );
    return first(names.length, (at) => {
      const name = names[at] as string;
      return difference(one[name], other[name], path === '' ? name : `${path}.${name}`);
    });
  }
  if (isSame(one, other)) return undefined;
  const [recorded, now] = shortened(written(one), written(other));
  return {
    path,
    ...(recorded !== undefined && { recorded }),
    ...(now !== undefined && { now }),
  };
}

function first<T>(length: number, at: (index: number) => T | undefined): T | undefined {
  for (let index = 0; index < length; index += 1) {
    const found = at(index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Null, an empty text and nothing at all are the same to every endpoint. */
const isEmpty = (value: Json | undefined) => value === undefined || value === null || value === '';

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (isEmpty(one) && isEmpty(other)) return true;
  if (typeof one !== 'string' || typeof other !== 'string') return one === other;
  return one === other || masked(one) === masked(other);
}

const written = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? masked(value) : value === undefined ? undefined : JSON.stringify(value);

const kept = { before: 30, after: 120 };

/** Two texts from a little before the place where they part. */
function shortened(one: string | undefined, other: string | undefined) {
  let at = 0;
  while (one !== undefined && other !== undefined && at < one.length && one[at] === other[at]) at += 1;
  const from = Math.max(0, at - kept.before);
  return [one, other].map((text) => {
    if (text === undefined) return undefined;
    const end = text.slice(from, at + kept.after);
    return `${from > 0 ? '…' : ''}${end}${at + kept.after < text.length ? '…' : ''}`;
  });
}
