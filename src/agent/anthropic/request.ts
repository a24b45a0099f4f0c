import Anthropic, { APIError } from '@anthropic-ai/sdk';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { answeredError, type EndpointError, lostConnection, outOfContext } from '../model/endpoint-error.ts';
import { exchange, plainExchange } from '../model/exchange.ts';
import type { Target } from '../model/target.ts';
import type { Watch } from '../model/watch.ts';
import { type Answer, addEvent } from './answer.ts';

/** A client that neither retries nor logs. */
const clientOf = ({ baseUrl, apiKey, headers }: Target, fetch: typeof globalThis.fetch): Anthropic =>
  new Anthropic({
    baseURL: baseUrl,
    apiKey,
    defaultHeaders: headers,
    fetch,
    timeout: 24 * 3_600_000,
    maxRetries: 0,
    logLevel: 'off',
  });

/** Makes one request, whose answer is read into `answer`. Throws the signal's reason where it is aborted, else an `EndpointError`. */
export const request = (
  target: Target,
  body: MessageCreateParamsStreaming,
  answer: Answer,
  watch: Watch,
): Promise<void> =>
  exchange(watch, { query: target.query, failure }, async (fetch, signal) => {
    const stream = await clientOf(target, fetch).messages.create(body, { signal });
    for await (const event of stream) addEvent(answer, event);
    const { stopReason } = answer;
    if (stopReason === undefined) throw lostConnection('the answer ended before it was complete');
    if (stopReason === 'model_context_window_exceeded') throw outOfContext(stopReason);
  });

/** Asks for the list of models. Throws `EndpointError`. */
export const listModels = (target: Target): Promise<void> =>
  plainExchange(target.query, (fetch) =>
    clientOf(target, fetch).models.list({ limit: 1 }, { timeout: 20_000 }),
  );

/** The status that stands for a type of error, as it comes within a stream. */
const statuses: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
};

function failure(error: unknown): EndpointError | undefined {
  if (!(error instanceof APIError)) return undefined;
  const status = error.status ?? statuses[error.type ?? ''] ?? 500;
  return answeredError(status, error.headers ?? new Headers(), JSON.stringify(error.error ?? {}));
}
