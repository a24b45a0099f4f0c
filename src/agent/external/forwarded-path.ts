import type { JsonObject } from '../../schema/json.ts';
import type { ModelUse } from '../model/model-use.ts';
import { answerUse, responseUse } from '../openai/answer-use.ts';
import { readAnswer } from '../openai/request.ts';

/** A path that is forwarded: what is added to a request for a stream, and how tokens are read from the answer. */
interface ForwardedPath {
  method: 'GET' | 'POST';
  path: RegExp;
  streamed?: JsonObject;
  took?(answer: Response): Promise<ModelUse>;
}

const forwarded: readonly ForwardedPath[] = [
  {
    method: 'POST',
    path: /^\/chat\/completions$/,
    streamed: { stream_options: { include_usage: true } },
    took: async (answer) => answerUse(await readAnswer(answer, new AbortController())),
  },
  { method: 'POST', path: /^\/(responses(\/compact)?|messages|completions|embeddings)$/, took: responseUse },
  { method: 'POST', path: /^\/messages\/count_tokens$/ },
  { method: 'GET', path: /^\/(models(\/.+)?|responses\/[^/]+)$/ },
];

export const forwardedPath = (method: string | undefined, path: string) =>
  forwarded.find((one) => one.method === method && one.path.test(path));
