import { shownText } from './exposure.ts';
import { cluesOf, meaning, type Spoken, spoken, wordsOf } from './meaning.ts';
import type { ResolvedCall, ResolvedTrial } from './resolved-trial.ts';

/** Gives the calls of the steps before one that showed a value, in the same words or others, the last one first. */
export type Showing = (value: string, before: number) => Iterable<ResolvedCall>;

/** Looks values up by their words, so that one that stands nowhere is not searched for in every text. */
export function showing(resolved: ResolvedTrial): Showing {
  const { calls } = resolved;
  const textOf = shownTexts(resolved);
  const mayShow = indexOf(calls.map((_, at) => () => textOf(at)));
  return function* (value, before) {
    const isIn = meaning(value);
    for (const at of mayShow(value).toReversed()) {
      const call = calls[at];
      if (call && call.step.index < before && isIn(textOf(at))) yield call;
    }
  };
}

/** Characters of what a call showed up to which it is kept with what it means. */
const maxKept = 16_384;

/** What each call showed, and what it means, by its number. */
function shownTexts(resolved: ResolvedTrial): (at: number) => Spoken {
  const kept = new Map<number, Spoken>();
  return (at) => {
    const call = resolved.calls[at];
    const shown = kept.get(at) ?? spoken(call ? shownText(resolved, call) : '');
    if (shown.text.length <= maxKept) kept.set(at, shown);
    return shown;
  };
}

/** Tells which of some texts may mean a value, in order; reads each of them once, when first asked. */
function indexOf(texts: readonly (() => Spoken)[]): (value: string) => readonly number[] {
  const all = texts.map((_, at) => at);
  const indexed = (keysOf: (text: Spoken) => Iterable<string | undefined>) => {
    let index: Map<string, number[]> | undefined;
    return (key: string) => {
      index ??= invert(texts, keysOf);
      return index.get(key) ?? [];
    };
  };
  const withWord = indexed(wordsOf);
  /** By the number of the reading. */
  const readAs: ((key: string) => number[])[] = [];
  const withReading = (way: number, read: string) => {
    readAs[way] ??= indexed((text) => text.read[way]?.() ?? []);
    return readAs[way](read);
  };
  return (value) => {
    const { loose, words, read } = cluesOf(value);
    if (loose) return all;
    const found = words.map((list) => rarest(list.map(withWord)));
    const same = read.map((one, way) => (one === undefined ? [] : withReading(way, one)));
    return [...new Set([...found, ...same].flat())].sort((a, b) => a - b);
  };
}

function invert(
  texts: readonly (() => Spoken)[],
  keysOf: (text: Spoken) => Iterable<string | undefined>,
): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [at, text] of texts.entries())
    for (const key of keysOf(text())) if (key !== undefined) add(index, key, at);
  return index;
}

function add(index: Map<string, number[]>, key: string, at: number): void {
  const places = index.get(key);
  if (places) places.push(at);
  else index.set(key, [at]);
}

const rarest = (lists: readonly number[][]): number[] =>
  lists.reduce((few, list) => (list.length < few.length ? list : few), lists[0] ?? []);
