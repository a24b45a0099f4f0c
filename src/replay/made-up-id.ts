import { diffArrays } from 'diff';
import { isJsonObject, type Json } from '../schema/json.ts';
import type { Sides } from './mask.ts';

/** Ids that a server made up in two executions, one for the other: what it called a thing then, and what it calls it now. */
export interface MadeUpIds {
  /** Takes ids from two texts of a server that ought to be the same. `wasKnown` and `isUsed` say of a recorded or replayed word
   * whether the agent wrote it before, and whether it does later. */
  learn(
    texts: Sides<string>,
    words: { wasKnown(word: string): boolean; isUsed(word: string): boolean },
  ): void;
  /** A recorded text or value with the ids of the replay. */
  inReplay<T extends Json>(recorded: T): T;
  /** A replayed text with the recorded ids. */
  asRecorded(replayed: string): string;
}

/** The mask that covers them. */
export const madeUpIdMask = 'made-up id';

/** More changed words than this in one text are another text. */
const maxEdits = 2000;

export function madeUpIds(): MadeUpIds {
  const toReplayed = new Map<string, string>();
  const toRecorded = new Map<string, string>();
  const inReplay = replacer(toReplayed);
  const map = (value: Json): Json => {
    if (typeof value === 'string') return inReplay(value);
    if (typeof value === 'number') {
      const now = toReplayed.get(String(value));
      return now === undefined ? value : Number(now);
    }
    if (Array.isArray(value)) return value.map(map);
    return isJsonObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [inReplay(key), map(inner as Json)]))
      : value;
  };
  return {
    learn({ recorded, replayed }, { wasKnown, isUsed }) {
      if (recorded === replayed) return;
      for (const [then, now] of changedWords(recorded, replayed)) {
        if (toReplayed.has(then) || toRecorded.has(now) || wasKnown(then) || wasKnown(now)) continue;
        if (!(areRandom(then, now) || (isUsed(then) && areAlike(then, now)))) continue;
        toReplayed.set(then, now);
        toRecorded.set(now, then);
      }
    },
    inReplay: <T extends Json>(recorded: T) => (toReplayed.size === 0 ? recorded : (map(recorded) as T)),
    asRecorded: replacer(toRecorded),
  };
}

/** Replaces whole words of a map by what they stand for. */
function replacer(words: ReadonlyMap<string, string>): (text: string) => string {
  let known = 0;
  let pattern = /$^/g;
  return (text) => {
    if (words.size === 0) return text;
    if (words.size !== known) {
      known = words.size;
      const longestFirst = [...words.keys()].sort((a, b) => b.length - a.length);
      pattern = new RegExp(`(?<![A-Za-z0-9])(?:${longestFirst.join('|')})(?![A-Za-z0-9])`, 'g');
    }
    return text.replace(pattern, (word) => words.get(word) ?? word);
  };
}

const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?`;
const word = new RegExp(`${instant}|[A-Za-z0-9_-]+|[^A-Za-z0-9_-]+`, 'g');

/** Words of one text with those that stand in their place in the other. */
function changedWords(recorded: string, replayed: string): [then: string, now: string][] {
  const [then, now] = [recorded.match(word) ?? [], replayed.match(word) ?? []];
  const changes = diffArrays(then, now, { maxEditLength: maxEdits }) ?? [];
  return changes.flatMap((change, index) => {
    const next = changes[index + 1];
    if (!change.removed || !next?.added || next.value.length !== change.value.length) return [];
    return change.value.map((one, at): [string, string] => [one, next.value[at] ?? one]);
  });
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const isMixed = (text: string) =>
  text.length >= 16 && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && /^[\w-]+$/.test(text);

/** Words that nothing but chance makes, of the same kind. A digest is none: it says what something contains. */
function areRandom(then: string, now: string): boolean {
  return (
    [uuid, ulid].some((kind) => kind.test(then) && kind.test(now)) ||
    (then.length === now.length && isMixed(then) && isMixed(now))
  );
}

/** Words that can be ids of one maker, where something else says that they are ids. */
function areAlike(then: string, now: string): boolean {
  if (new RegExp(`^${instant}$`).test(then)) return new RegExp(`^${instant}$`).test(now);
  if (!/^[\w-]{4,}$/.test(then) || !/^[\w-]{4,}$/.test(now) || Math.abs(then.length - now.length) > 2)
    return false;
  if (/^\d+$/.test(then) || /^\d+$/.test(now)) return /^\d{8,}$/.test(then) && /^\d{8,}$/.test(now);
  return /\d/.test(then + now);
}
