import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Minimatch } from 'minimatch';
import { canonicalJson } from '../schema/canonical-json.ts';
import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts';
import type { StateChange } from '../schema/state.ts';

/**
 * What changed between two states, ordered by path. A state of kind `files` is a map of paths to entries; of a server's JSON, the
 * smallest changed values are named by JSON pointers, elements of arrays by their `id` where all have one of their own, else by index.
 */
export function diffState(kind: 'files' | 'server', before: Json, after: Json): StateChange[] {
  const changes = kind === 'files' ? diffEntries(asMap(before), asMap(after)) : diffJson('', before, after);
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** sha256 in hex over the canonical JSON of a state. */
export function stateDigest(state: Json): string {
  return createHash('sha256').update(canonicalJson(state)).digest('hex');
}

/** A state of files without the paths that a glob matches. */
export function withoutIgnored<T>(
  tree: Readonly<Record<string, T>>,
  ignore: readonly string[],
): Record<string, T> {
  const ignored = pathMatcher(ignore);
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !ignored(path)));
}

/** The changes at paths that none of the globs matches. */
export function changedOutside(allowed: readonly string[], changes: readonly StateChange[]): StateChange[] {
  const inside = pathMatcher(allowed);
  return changes.filter((change) => !inside(change.path));
}

function diffEntries(before: JsonObject, after: JsonObject): StateChange[] {
  return keysOf(before, after).flatMap((path) => changeOf(path, before[path], after[path]));
}

function diffJson(path: string, before: Json | undefined, after: Json | undefined): StateChange[] {
  if (before === undefined || after === undefined) return changeOf(path, before, after);
  const [a, b] = comparable(before, after);
  if (!a || !b) return changeOf(path, before, after);
  return keysOf(a, b).flatMap((key) => diffJson(`${path}/${escapePointer(key)}`, a[key], b[key]));
}

function changeOf(path: string, before: Json | undefined, after: Json | undefined): StateChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return after === undefined ? [] : [{ path, op: 'created', after }];
  if (after === undefined) return [{ path, op: 'deleted', before }];
  return [{ path, op: 'changed', before, after }];
}

/** Both values as maps, where they can be compared key by key. */
function comparable(before: Json, after: Json): [JsonObject?, JsonObject?] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const keyed = hasIds(before) && hasIds(after);
    return [mapOf(before, keyed), mapOf(after, keyed)];
  }
  return isJsonObject(before) && isJsonObject(after) ? [before, after] : [];
}

function hasIds(values: Json[]): boolean {
  const ids = values.map((value) =>
    isJsonObject(value) && typeof value.id === 'string' ? value.id : undefined,
  );
  return !ids.includes(undefined) && new Set(ids).size === ids.length;
}

function mapOf(values: Json[], keyed: boolean): JsonObject {
  return Object.fromEntries(
    values.map((value, index) => [keyed && isJsonObject(value) ? String(value.id) : String(index), value]),
  );
}

function keysOf(a: JsonObject, b: JsonObject): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function asMap(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Whether any of the globs matches a path; `/a/**` matches `/a` too. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs
    .flatMap((glob) => (/[^/]\/\*\*$/.test(glob) ? [glob, glob.slice(0, -'/**'.length)] : [glob]))
    .map((glob) => new Minimatch(glob, { dot: true, nocomment: true, nonegate: true }));
  return (path) => matchers.some((matcher) => matcher.match(path));
}
