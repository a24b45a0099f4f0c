import { chatDialect } from './chat.ts';
import type { Dialect } from './dialect.ts';
import { messagesDialect } from './messages.ts';
import { responsesDialect } from './responses.ts';

/** A request to a path that models are asked at. */
export type WirePath =
  /** Answered by a decision. */
  | { kind: 'turn'; dialect: Dialect; path: string }
  /** Answered without one, by a model that is paid for: embeddings, completions of a text. */
  | { kind: 'paid'; path: string }
  /** Answered without a model: what models there are, how many tokens something has. */
  | { kind: 'plain'; path: string };

const forms: readonly { method: string; path: RegExp; is: 'paid' | 'plain' | Dialect }[] = [
  { method: 'POST', path: /^\/chat\/completions$/, is: chatDialect },
  { method: 'POST', path: /^\/responses(\/compact)?$/, is: responsesDialect },
  { method: 'POST', path: /^\/messages$/, is: messagesDialect },
  { method: 'POST', path: /^\/(completions|embeddings)$/, is: 'paid' },
  { method: 'POST', path: /^\/(messages\/count_tokens|responses\/input_tokens)$/, is: 'plain' },
  { method: 'GET', path: /^\/(models(\/.+)?|responses\/[^/]+)$/, is: 'plain' },
];

/** What a request is; undefined where it is none that a model's endpoint answers. */
export function wirePath(method: string | undefined, url: string): WirePath | undefined {
  const path = pathOf(url);
  const is = forms.find((form) => form.method === method && form.path.test(path))?.is;
  if (is === undefined) return undefined;
  return typeof is === 'string' ? { kind: is, path } : { kind: 'turn', dialect: is, path };
}

/** A path below whichever of the usual base URLs a program was given. */
const pathOf = (url: string) =>
  new URL(`http://any/${url.replace(/^\/+/, '')}`).pathname
    .replace(/\/{2,}/g, '/')
    .replace(/^(\/(v1|api|openai|anthropic))+(?=\/)/, '')
    .replace(/(?<=.)\/$/, '');
