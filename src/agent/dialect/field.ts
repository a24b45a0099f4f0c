import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';

export const textIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

export const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

export const objectsIn = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** A number of tokens that a request allows, under the first of these names that has one. */
export function boundIn(body: JsonObject, ...names: string[]): { maxTokens?: number } {
  const bound = names.map((name) => body[name]).find((value) => typeof value === 'number');
  return bound === undefined ? {} : { maxTokens: bound as number };
}

/** Texts that say something, in paragraphs. */
export const joined = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n');

/** What comes before the first answer of the model, and since its last. */
export function aroundAnswers(items: readonly JsonObject[], isAnswer: (item: JsonObject) => boolean) {
  const first = items.findIndex(isAnswer);
  return {
    before: first < 0 ? items : items.slice(0, first),
    since: items.slice(items.findLastIndex(isAnswer) + 1),
  };
}
