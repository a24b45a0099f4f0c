import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { messageOf, ProctorError } from '../../errors.ts';
import type { DecideOptions } from '../agent.ts';
import { type RateGate, rateGate } from '../rate-gate.ts';
import { type Answer, emptyAnswer } from './answer.ts';
import { type EndpointAddress, modelEndpoint } from './model-endpoint.ts';
import { answerUse, billOf, type ModelUse } from './model-use.ts';
import { listPrices, type Prices } from './price.ts';
import { request } from './request.ts';
import { type Attempted, defaultPatienceMs, defaultRetry, type RetryOptions, withRetries } from './retry.ts';

export interface EndpointOptions extends EndpointAddress {
  model: string;
  /** By default `listPrices`. */
  prices?: Prices;
  /** Shared by all who ask; by default one of its own, without a bound. */
  gate?: RateGate;
  retry?: Partial<RetryOptions>;
  /** Milliseconds that the endpoint may keep one answer waiting; 10 minutes by default. */
  patienceMs?: number;
  /** Further patterns of what the endpoint says where a conversation no longer fits the context. */
  overflow?: readonly RegExp[];
  /** Milliseconds without a byte after which the server counts as hanging; 5 minutes by default, and no longer than the patience. */
  idleMs?: number;
}

type Asking = Pick<DecideOptions, 'signal' | 'waiting' | 'reserve'>;

/** An answer, and what led to it. */
interface Answered {
  answer: Answer;
  /** What failed requests before took, as far as the endpoint told. */
  before: ModelUse[];
  retries: Attempted<Answer>['retries'];
}

/** Where a model of Chat Completions is asked. */
export interface Endpoint {
  /** Without credentials and query. */
  baseUrl: string;
  /** Throws `model-refused-key` or `model-unavailable`; a server without a list of models passes. */
  check(): Promise<void>;
  /** Asks, again after failures that may pass. Throws as `withRetries` does. */
  ask(body: ChatCompletionCreateParamsStreaming, asking: Asking): Promise<Answered>;
}

/** An endpoint for `user`, whom its errors name. Throws `bad-flag` where it can't be used. */
export function openEndpoint(user: string, options: EndpointOptions): Endpoint {
  const { model, prices = listPrices, gate = rateGate(), patienceMs = defaultPatienceMs } = options;
  const { idleMs = Math.min(300_000, patienceMs), overflow = [] } = options;
  const client = clientOf(user, options, idleMs);
  const retry = { ...defaultRetry, patienceMs, ...options.retry, agent: user, gate, overflow };
  return {
    baseUrl: client.baseURL,
    check: () => checkEndpoint(user, client),
    async ask(body, { signal, waiting, reserve = async () => () => {} }) {
      const before: ModelUse[] = [];
      const attempt = async () => {
        const settle = await reserve();
        const answer = emptyAnswer();
        try {
          await request(client, body, answer, { signal, idleMs, waiting });
          settle(billOf({ ...answerUse(answer), model }, prices));
          return answer;
        } catch (error) {
          const took = { ...answerUse(answer), model };
          if (took.tokens) before.push(took);
          settle(billOf(took, prices) ?? 0);
          throw error;
        }
      };
      const { value: answer, retries } = await withRetries(attempt, { ...retry, signal, waiting });
      return { answer, before, retries };
    },
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
