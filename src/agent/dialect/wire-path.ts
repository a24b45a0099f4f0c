import { chatDialect } from './chat.ts';
import type { Dialect } from './dialect.ts';

/** A request to a path that models are asked at. */
export type WirePath =
  /** Answered by a decision. */
  | { kind: 'turn'; dialect: Dialect; path: string }
  /** Answered without one: lists of models, token counts, embeddings. */
  | { kind: 'plain'; path: string };

const turns: readonly (readonly [RegExp, Dialect])[] = [[/^\/chat\/completions$/, chatDialect]];

const plain: readonly (readonly [string, RegExp])[] = [
  ['GET', /^\/models(\/.+)?$/],
  ['POST', /^\/(embeddings|messages\/count_tokens|responses\/input_tokens)$/],
];

/** What a request is; undefined where it is none that a model's endpoint answers. The path may begin with any of the usual bases. */
export function wirePath(method: string | undefined, url: string): WirePath | undefined {
  const path = pathOf(url);
  const dialect = turns.find(([form]) => method === 'POST' && form.test(path))?.[1];
  if (dialect) return { kind: 'turn', dialect, path };
  return plain.some(([verb, form]) => verb === method && form.test(path))
    ? { kind: 'plain', path }
    : undefined;
}

/** The path below the base URL that a program was given, whichever it took for one. */
const pathOf = (url: string) =>
  new URL(`http://any/${url.replace(/^\/+/, '')}`).pathname
    .replace(/\/{2,}/g, '/')
    .replace(/^(\/(v1|api|openai|anthropic))+(?=\/)/, '')
    .replace(/(?<=.)\/$/, '');
