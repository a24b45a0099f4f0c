import OpenAI, { APIError } from 'openai';
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';
import type { JsonObject } from '../../schema/json.ts';
import { answeredError, type EndpointError, lostConnection } from '../model/endpoint-error.ts';
import { exchange, plainExchange } from '../model/exchange.ts';
import type { Target } from '../model/target.ts';
import type { Watch } from '../model/watch.ts';
import { addResponseEvent, failureIn, type ResponseAnswer } from './response-answer.ts';

/** A client that neither retries nor logs. */
const clientOf = ({ baseUrl, apiKey, headers }: Target, fetch: typeof globalThis.fetch): OpenAI =>
  new OpenAI({
    baseURL: baseUrl,
    apiKey,
    defaultHeaders: { authorization: null, ...headers },
    fetch,
    timeout: 24 * 3_600_000,
    maxRetries: 0,
    logLevel: 'off',
  });

/** Makes one request, whose answer is read into `answer`. Throws the signal's reason where it is aborted, else an `EndpointError`. */
export const requestResponse = (
  target: Target,
  body: ResponseCreateParamsStreaming,
  answer: ResponseAnswer,
  watch: Watch,
): Promise<void> =>
  exchange(watch, { query: target.query, failure }, async (fetch, signal) => {
    const stream = await clientOf(target, fetch).responses.create(body, { signal });
    for await (const event of stream) {
      if (event.type === 'error') throw failedWith(event.code ?? '', event.message);
      addResponseEvent(answer, event as unknown as JsonObject);
    }
    if (!answer.isWhole) throw lostConnection('the answer ended before it was complete');
    const failed = failureIn(answer);
    if (failed) throw failedWith(failed.code, failed.message);
  });

/** Asks for the list of models. Throws `EndpointError`. */
export const listModels = (target: Target): Promise<void> =>
  plainExchange(target.query, (fetch) => clientOf(target, fetch).models.list({ timeout: 20_000 }));

/** The status that stands for the code of an error as it comes within a stream, where it is not the server's own failure. */
const statuses: Record<string, number> = {
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  context_length_exceeded: 400,
  invalid_prompt: 400,
};

const failedWith = (code: string, message: string): EndpointError =>
  answeredError(statuses[code] ?? 500, new Headers(), JSON.stringify({ error: { code, message } }));

function failure(error: unknown): EndpointError | undefined {
  if (!(error instanceof APIError)) return undefined;
  const { code, message } = (error.error ?? {}) as { code?: unknown; message?: unknown };
  return failedWith(String(code ?? error.code ?? ''), typeof message === 'string' ? message : error.message);
}
