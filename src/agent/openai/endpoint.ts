import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { messageOf, ProctorError } from '../../errors.ts';
import { type Answered, type Asking, type AskOptions, asker, idleOf } from '../model/ask.ts';
import { type Answer, emptyAnswer } from './answer.ts';
import { answerUse } from './answer-use.ts';
import { type EndpointAddress, modelEndpoint } from './model-endpoint.ts';
import { request } from './request.ts';

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
  const client = clientOf(user, options, idleOf(options));
  return {
    baseUrl: client.baseURL,
    check: () => checkEndpoint(user, client),
    ask: asker(user, options, {
      empty: emptyAnswer,
      request: (body: ChatCompletionCreateParamsStreaming, answer, watch) =>
        request(client, body, answer, watch),
      tookOf: answerUse,
    }),
  };
}

/** A client that neither retries nor logs. */
function clientOf(user: string, options: EndpointOptions, timeoutMs: number): OpenAI {
  const { baseUrl, apiKey, query, headers } = modelEndpoint(user, options);
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

/**
 * Asks for the list of models, so that a refused key or a server that does not answer is noticed early.
 * Throws `model-refused-key` or `model-unavailable`; a server without such a list passes.
 */
async function checkEndpoint(user: string, client: OpenAI): Promise<void> {
  try {
    const response = await client.models.list({ timeout: checkTimeoutMs }).asResponse();
    await response.body?.cancel();
  } catch (error) {
    if (error instanceof APIConnectionError) {
      const problem = `${client.baseURL} does not answer: ${messageOf(error.cause ?? error)}`;
      throw new ProctorError('model-unavailable', `${user}: ${problem}`, { cause: error });
    }
    if (!(error instanceof APIError)) throw error;
    // A restricted key may chat without being allowed to list models.
    const refused = (error.status === 401 || error.status === 403) && !/scope/i.test(error.message);
    if (!refused) return;
    const problem = `${client.baseURL} refused the key: ${messageOf(error)}`;
    throw new ProctorError('model-refused-key', `${user}: ${problem}`, { cause: error });
  }
}
