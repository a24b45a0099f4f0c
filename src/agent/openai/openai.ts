import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Json } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { Agent, AgentSession } from '../agent.ts';
import { type RateGate, rateGate } from '../rate-gate.ts';
import { requestDiff } from './appended.ts';
import { checkEndpoint, clientOf, type Endpoint } from './client.ts';
import { decisionOf } from './decision.ts';
import { messagesOf, promptDigest } from './messages.ts';
import type { OpenaiParameters } from './parameters.ts';
import { listPrices, type Prices } from './price.ts';
import { request } from './request.ts';
import { defaultRetry, type RetryOptions, withRetries } from './retry.ts';
import { wireName } from './tool-name.ts';

export interface OpenaiOptions extends Endpoint {
  model: string;
  parameters?: OpenaiParameters;
  /** By default `listPrices`. */
  prices?: Prices;
  /** Shared by all trials of a run; by default one of the agent's own, without a bound. */
  gate?: RateGate;
  retry?: Partial<RetryOptions>;
  /** Milliseconds without a byte after which the server counts as hanging; 5 minutes by default. */
  idleMs?: number;
}

/** A model behind any endpoint that speaks OpenAI's Chat Completions. */
export function openaiAgent(options: OpenaiOptions): Agent {
  const id = `openai:${options.model}`;
  const { parameters = {}, gate = rateGate(), idleMs = 300_000 } = options;
  const client = clientOf(id, options, idleMs);
  return {
    id,
    model: options.model,
    digest: promptDigest,
    parameters: { ...parameters, baseUrl: withoutCredentials(client.baseURL) } as Json,
    check: () => checkEndpoint(id, client),
    open: async () => openSession(client, id, { ...options, parameters, gate, idleMs }),
  };
}

type Settled = OpenaiOptions & Required<Pick<OpenaiOptions, 'parameters' | 'gate' | 'idleMs'>>;

function openSession(client: OpenAI, agent: string, options: Settled): AgentSession {
  const { model, parameters, gate, idleMs, prices = listPrices } = options;
  const diff = requestDiff();
  return {
    decide: async (view, { signal, asked }) => {
      const body = bodyOf(view, model, parameters);
      const { request: shown, appended } = diff(body);
      asked(shown, appended);
      const { value: answer, retries } = await withRetries(() => request(client, body, { signal, idleMs }), {
        ...defaultRetry,
        ...options.retry,
        agent,
        gate,
        signal,
      });
      const decision = decisionOf(answer, { model, tools: view.tools, prices });
      return retries.length > 0 ? { ...decision, retries } : decision;
    },
    close: async () => {},
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
