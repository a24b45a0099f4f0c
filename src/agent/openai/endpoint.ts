import OpenAI, { APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { EndpointAddress } from '../model/address.ts';
import { type Answered, type Asking, type AskOptions, asker, idleOf } from '../model/ask.ts';
import { checkKey } from '../model/check-key.ts';
import type { Target } from '../model/target.ts';
import { type Answer, emptyAnswer } from './answer.ts';
import { answerUse } from './answer-use.ts';
import { modelEndpoint } from './model-endpoint.ts';
import { endpointError, request } from './request.ts';

export type EndpointOptions = EndpointAddress & AskOptions;

/** Where a model of Chat Completions is asked. */
export interface Endpoint {
  /** Without credentials and query. */
  baseUrl: string;
  /** Throws `model-refused-key` or `model-unavailable`; a server without a list of models passes. */
  check(): Promise<void>;
  /** Asks, again after failures that may pass. Throws as `withRetries` does. */
  ask(body: ChatCompletionCreateParamsStreaming, asking: Asking): Promise<Answered<Answer>>;
}

/** An endpoint for `user`, whom its errors name. Throws `bad-flag` where it can't be used. */
export function openEndpoint(user: string, options: EndpointOptions): Endpoint {
  const target = modelEndpoint(user, options);
  const client = clientOf(target, idleOf(options));
  return {
    baseUrl: client.baseURL,
    check: () => checkEndpoint(user, client),
    ask: asker(user, options, {
      to: () => target,
      empty: emptyAnswer,
      request: (body: ChatCompletionCreateParamsStreaming, answer, watch) =>
        request(client, body, answer, watch),
      tookOf: answerUse,
    }),
  };
}

/** A client that neither retries nor logs. */
function clientOf({ baseUrl, apiKey, query, headers }: Target, timeoutMs: number): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey,
    defaultQuery: query,
    defaultHeaders: { authorization: null, ...headers },
    timeout: timeoutMs,
    maxRetries: 0,
    logLevel: 'off',
  });
}

const checkTimeoutMs = 20_000;

const checkEndpoint = (user: string, client: OpenAI): Promise<void> =>
  checkKey(user, client.baseURL, async () => {
    try {
      const response = await client.models.list({ timeout: checkTimeoutMs }).asResponse();
      await response.body?.cancel();
    } catch (error) {
      throw error instanceof APIError ? endpointError(error) : error;
    }
  });
