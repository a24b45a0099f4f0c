import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json } from '../schema/json.ts';
import type { StateChange } from '../schema/state.ts';
import type { Changes } from './mask.ts';

/** Git's own files in which times stand, and those in which nothing but the id of a commit does. */
const timed = /(?:^|\/)\.git\/(?:index|logs\/.+)$/;
const naming = /(?:^|\/)\.git\/(?:(?:[A-Z]+_)?HEAD|refs\/.+)$/;
const object = /(?:^|\/)\.git\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/;
const folder = /(?:^|\/)\.git\/objects\/[0-9a-f]{2}$/;

/** Bytes of an id in hexadecimal with its line's end. */
const idSize = 41;
/** Bytes by which compressed objects of the same length may differ. */
const slack = 16;

/**
 * The changes of a replay with those of the record in the place of what git wrote otherwise only because times stand in its files, and a commit has
 * its own in its id: as many new objects of about the same sizes, and the same files of the same sizes. All as it was where anything else in a
 * repository differs.
 * `carried` says that ids of earlier steps may be others.
 */
export function alikeRepository(
  { recorded, replayed }: Changes,
  carried: boolean,
): { replayed: readonly StateChange[]; needed: string[] } {
  const [then, now] = [otherThan(recorded, replayed), otherThan(replayed, recorded)];
  const [objects, again] = [newObjects(then), newObjects(now)];
  const mayName = objects.length > 0 || carried;
  const isOwn = (change: StateChange) =>
    timed.test(change.path) || (mayName && naming.test(change.path) && holdsId(change));
  const [own, ownAgain] = [then.filter(isOwn), now.filter(isOwn)];
  const isAlike =
    objects.length + own.length > 0 &&
    isDeepStrictEqual(outlinesOf(own), outlinesOf(ownAgain)) &&
    objects.length === again.length &&
    objects.every((one, at) => Math.abs(sizeOf(one) - sizeOf(again[at])) <= slack);
  if (!isAlike) return { replayed, needed: [] };
  const isCovered = (change: StateChange) => isOwn(change) || isNew(change, object) || isNew(change, folder);
  return {
    replayed: [
      ...replayed.filter((change) => !(now.includes(change) && isCovered(change))),
      ...then.filter(isCovered),
    ],
    needed: ['times in a git repository'],
  };
}

const otherThan = (some: readonly StateChange[], others: readonly StateChange[]) =>
  some.filter((one) => !others.some((other) => isDeepStrictEqual(one, other)));

const isNew = ({ path, op }: StateChange, form: RegExp) => op === 'created' && form.test(path);

const newObjects = (changes: StateChange[]) =>
  changes.filter((change) => isNew(change, object)).toSorted((a, b) => sizeOf(a) - sizeOf(b));

const sizeOf = (change: StateChange | undefined): number =>
  isJsonObject(change?.after) ? Number(change.after.size) : 0;

const holdsId = ({ before, after }: StateChange) =>
  [before, after].every((entry) => !isJsonObject(entry) || entry.size === idSize);

/** Changes without what their files hold. */
const outlinesOf = (changes: StateChange[]) =>
  changes
    .map(({ path, op, before, after }) => [path, op, outlineOf(before), outlineOf(after)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));

const outlineOf = (entry: Json | undefined) =>
  isJsonObject(entry) ? [entry.type, entry.mode, entry.size].join(' ') : String(entry);
