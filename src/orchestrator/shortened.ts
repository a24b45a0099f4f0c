import { canonicalJson } from '../schema/canonical-json.ts';
import type { Json } from '../schema/json.ts';
import type { LargeChange } from '../schema/state.ts';

/** Lines or elements of each side that are recorded, and characters of one. */
const kept = { pieces: 2000, characters: 500 } as const;

/** Two long texts without the lines that both have; of JSON, without the elements and fields. */
export function shortened(path: string, before: string, after: string): LargeChange {
  const json = /\.(json|ipynb|geojson)$/i.test(path) ? shortenedJson(before, after) : undefined;
  return json ?? shortenedLines(before, after);
}

function shortenedLines(before: string, after: string): LargeChange {
  const [old, now] = [linesOf(before), linesOf(after)];
  const [gone, came] = [beyond(old, now), beyond(now, old)];
  if (came.length > kept.pieces && gone.length > came.length)
    return { unread: `more than ${kept.pieces} of its lines were changed` };
  return {
    before: gone.slice(0, Math.max(kept.pieces, 0)).map(cut).join('\n'),
    after: came.slice(0, kept.pieces).map(cut).join('\n'),
    lines: { before: old.length, after: now.length },
  };
}

const linesOf = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== '');
const cut = (line: string) => line.slice(0, kept.characters);

/** Those of some texts that are not among others, as often as they are more. */
function beyond(some: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of others) left.set(one, (left.get(one) ?? 0) + 1);
  return some.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

/** Undefined where one of them is no JSON, which lines tell of then. */
function shortenedJson(before: string, after: string): LargeChange | undefined {
  const [old, now] = [parsed(before), parsed(after)];
  if (old === undefined || now === undefined) return undefined;
  const pair = withoutSame(old, now);
  const lines = { before: linesOf(before).length, after: linesOf(after).length };
  return { before: JSON.stringify(pair.old), after: JSON.stringify(pair.now), lines };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

interface Pair {
  old: Json;
  now: Json;
}

const isMap = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withoutSame(old: Json, now: Json): Pair {
  if (Array.isArray(old) && Array.isArray(now)) {
    const [before, after] = [old, now].map((all) => all.map((one) => JSON.stringify(one))) as [
      string[],
      string[],
    ];
    const elements = (texts: string[]) => texts.slice(0, kept.pieces).map((text) => JSON.parse(text) as Json);
    return { old: elements(beyond(before, after)), now: elements(beyond(after, before)) };
  }
  if (!isMap(old) || !isMap(now)) return { old, now };
  const pair: { old: { [key: string]: Json }; now: { [key: string]: Json } } = { old: {}, now: {} };
  for (const [key, value] of Object.entries(old)) {
    const left = now[key];
    if (left === undefined) pair.old[key] = value;
    else if (canonicalJson(left) !== canonicalJson(value)) {
      const inner = withoutSame(value, left);
      pair.old[key] = inner.old;
      pair.now[key] = inner.now;
    }
  }
  return pair;
}
