import { textOf } from '../../schema/content.ts';
import type { Json } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';

const placeholder = /\{\{observed:(.+?)\}\}(?!\})/g;

/** The patterns of all `{{observed:REGEX}}` in a JSON value. */
export function observedPatterns(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map((match) => match[1] ?? '');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(observedPatterns);
}

/**
 * Puts what was observed in the place of every `{{observed:REGEX}}`: the first capture group (the whole match
 * where there is none) of the latest match over the observations shown so far. Throws where nothing matches.
 */
export function fillObserved<T extends Json>(value: T, view: View): T {
  return fill(value, view) as T;
}

function fill(value: Json, view: View): Json {
  if (typeof value === 'string')
    return value.replace(placeholder, (_, pattern) => latestMatch(pattern, view));
  if (Array.isArray(value)) return value.map((item) => fill(item, view));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, view)]));
}

function latestMatch(pattern: string, view: View): string {
  const observations = view.steps.flatMap((step) => step.observations);
  for (const { content } of observations.reverse()) {
    const match = [...textOf(content).matchAll(new RegExp(pattern, 'gm'))].at(-1);
    if (match) return match[1] ?? match[0];
  }
  throw new Error(
    `step ${view.steps.length} of the script: nothing observed matches {{observed:${pattern}}}`,
  );
}
