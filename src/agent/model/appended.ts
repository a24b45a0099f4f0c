import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../schema/json.ts';

/**
 * Remembers the last request of a session. For the next one it gives the whole request, or only what was added to its `list` of messages,
 * under that name, where nothing else has changed.
 */
export function requestDiff<K extends string>(list: K) {
  type Body = Record<K, readonly unknown[]>;
  let last: Body | undefined;
  return (body: Body): { request: Json; appended: boolean } => {
    const before = last;
    last = body;
    if (before === undefined) return { request: json(body), appended: false };
    const kept = { ...body, [list]: body[list].slice(0, before[list].length) };
    if (!isDeepStrictEqual(kept, before)) return { request: json(body), appended: false };
    return { request: json({ [list]: body[list].slice(before[list].length) }), appended: true };
  };
}

const json = (value: object) => value as unknown as Json;
