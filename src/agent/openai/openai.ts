import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { messageOf, ProctorError } from '../../errors.ts';
import type { Json } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { Agent, AgentSession } from '../agent.ts';
import { type RateGate, rateGate } from '../rate-gate.ts';
import { emptyAnswer } from './answer.ts';
import { requestDiff } from './appended.ts';
import { decisionOf } from './decision.ts';
import { messagesOf, promptDigest } from './messages.ts';
import { answerUse, billOf, type ModelUse } from './model-use.ts';
import type { OpenaiParameters } from './parameters.ts';
import { listPrices, type Prices, priceOf } from './price.ts';
import { request } from './request.ts';
import { defaultPatienceMs, defaultRetry, type RetryOptions, withRetries } from './retry.ts';
import { wireName } from './tool-name.ts';

export interface OpenaiOptions {
  /** Such as `http://127.0.0.1:8000/v1`; by default `OPENAI_BASE_URL`, else OpenAI's own. */
  baseUrl?: string | undefined;
  /** By default `OPENAI_API_KEY`. */
  apiKey?: string | undefined;
  model: string;
  parameters?: OpenaiParameters;
  /** By default `listPrices`. */
  prices?: Prices;
  /** Shared by all trials of a run; by default one of the agent's own, without a bound. */
  gate?: RateGate;
  retry?: Partial<RetryOptions>;
  /** Milliseconds that the endpoint may keep one decision waiting; 10 minutes by default. */
  patienceMs?: number;
  /** Milliseconds without a byte after which the server counts as hanging; 5 minutes by default, and no longer than the patience. */
  idleMs?: number;
}

/** A model behind any endpoint that speaks OpenAI's Chat Completions. */
export function openaiAgent(options: OpenaiOptions): Agent {
  const { model, parameters = {}, prices = listPrices, gate = rateGate() } = options;
  const { patienceMs = defaultPatienceMs, idleMs = Math.min(300_000, patienceMs) } = options;
  const id = `openai:${model}`;
  const client = clientOf(id, options, idleMs);
  const retry = { ...defaultRetry, patienceMs, ...options.retry, agent: id, gate };
  const openSession = (): AgentSession => {
    const diff = requestDiff();
    return {
      decide: async (view, { signal, asked, waiting, reserve = async () => () => {} }) => {
        const body = bodyOf(view, model, parameters);
        const { request: shown, appended } = diff(body);
        asked(shown, appended);
        const before: ModelUse[] = [];
        const attempt = async () => {
          const settle = await reserve();
          const answer = emptyAnswer();
          try {
            await request(client, body, answer, { signal, idleMs, waiting });
            settle(billOf({ ...answerUse(answer), model }, prices));
            return decisionOf(answer, { model, tools: view.tools, prices, before });
          } catch (error) {
            const took = { ...answerUse(answer), model };
            if (took.tokens) before.push(took);
            settle(billOf(took, prices) ?? 0);
            throw error;
          }
        };
        const { value: decision, retries } = await withRetries(attempt, { ...retry, signal, waiting });
        return retries.length > 0 ? { ...decision, retries } : decision;
      },
      close: async () => {},
    };
  };
  return {
    id,
    model,
    digest: promptDigest,
    parameters: { ...parameters, baseUrl: withoutCredentials(client.baseURL) } as Json,
    ...(!priceOf(model, prices) && { unpriced: model }),
    check: () => checkEndpoint(id, client),
    open: async () => openSession(),
  };
}

function bodyOf(
  view: View,
  model: string,
  parameters: OpenaiParameters,
): ChatCompletionCreateParamsStreaming {
  const { parallel_tool_calls, ...sampling } = parameters;
  const tools = view.tools.map(({ name, description, inputSchema }) => ({
    type: 'function' as const,
    function: { name: wireName(name), description, parameters: inputSchema },
  }));
  return {
    model,
    messages: messagesOf(view, model),
    ...(tools.length > 0 && { tools, ...(parallel_tool_calls !== undefined && { parallel_tool_calls }) }),
    ...(sampling as Pick<ChatCompletionCreateParamsStreaming, 'temperature'>),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function withoutCredentials(baseUrl: string): string {
  const url = new URL(baseUrl);
  url.username = '';
  url.password = '';
  return url.href;
}

/** A client that neither retries nor logs. Throws `bad-flag` where there is neither a key nor an own endpoint. */
function clientOf(agent: string, endpoint: OpenaiOptions, timeoutMs: number): OpenAI {
  const baseURL = endpoint.baseUrl ?? process.env.OPENAI_BASE_URL;
  const apiKey = endpoint.apiKey ?? process.env.OPENAI_API_KEY;
  if (!apiKey && !baseURL) {
    const wanted = 'expected OPENAI_API_KEY, or OPENAI_BASE_URL for a server that wants no key';
    throw new ProctorError('bad-flag', `agent ${agent} has no key: ${wanted}`);
  }
  return new OpenAI({
    baseURL,
    apiKey: apiKey || 'none',
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
async function checkEndpoint(agent: string, client: OpenAI): Promise<void> {
  try {
    const response = await client.models.list({ timeout: checkTimeoutMs }).asResponse();
    await response.body?.cancel();
  } catch (error) {
    if (error instanceof APIConnectionError) {
      const problem = `${client.baseURL} does not answer: ${messageOf(error.cause ?? error)}`;
      throw new ProctorError('model-unavailable', `${agent}: ${problem}`, { cause: error });
    }
    if (!(error instanceof APIError)) throw error;
    // A restricted key may chat without being allowed to list models.
    const refused = (error.status === 401 || error.status === 403) && !/scope/i.test(error.message);
    if (!refused) return;
    const problem = `${client.baseURL} refused the key: ${messageOf(error)}`;
    throw new ProctorError('model-refused-key', `${agent}: ${problem}`, { cause: error });
  }
}
