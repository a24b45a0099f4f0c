import { ApiError, type GenerateContentParameters, GoogleGenAI } from '@google/genai/web';
import { answeredError, type EndpointError, lostConnection } from '../model/endpoint-error.ts';
import { exchange, plainExchange } from '../model/exchange.ts';
import type { Target } from '../model/target.ts';
import type { Watch } from '../model/watch.ts';
import { type Answer, addChunk } from './answer.ts';
import { markedStream } from './marked-stream.ts';

/** A client that does not retry. */
const clientOf = ({ baseUrl, apiKey, headers }: Target, fetch: typeof globalThis.fetch): GoogleGenAI =>
  new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl, headers, fetch } });

/** Makes one request, whose answer is read into `answer`. Throws the signal's reason where it is aborted, else an `EndpointError`. */
export const request = (
  target: Target,
  body: GenerateContentParameters,
  answer: Answer,
  watch: Watch,
): Promise<void> =>
  exchange(watch, { query: target.query, read: markedStream, failure }, async (fetch, abortSignal) => {
    // The client changes what it is given.
    const { config, ...rest } = structuredClone(body);
    const models = clientOf(target, fetch).models;
    const stream = await models.generateContentStream({ ...rest, config: { ...config, abortSignal } });
    for await (const chunk of stream) addChunk(answer, chunk);
    if (answer.finishReason === undefined) throw lostConnection('the answer ended before it was complete');
  });

/** Asks for the list of models. Throws `EndpointError`. */
export const listModels = (target: Target): Promise<void> =>
  plainExchange(target.query, (fetch) =>
    clientOf(target, fetch).models.list({
      config: { pageSize: 1, abortSignal: AbortSignal.timeout(20_000) },
    }),
  );

/** An error that stands in a stream: its JSON follows a word on its status. */
function failure(error: unknown): EndpointError | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return answeredError(error.status, new Headers(), error.message.replace(/^got status: \S+ /, ''));
}
