import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Json } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { Agent, AgentSession } from '../agent.ts';
import { requestDiff } from './appended.ts';
import { decisionOf } from './decision.ts';
import { type EndpointOptions, openEndpoint } from './endpoint.ts';
import { messagesOf, promptDigest } from './messages.ts';
import { type OpenaiParameters, withParameters } from './parameters.ts';
import { listPrices, priceOf } from './price.ts';
import { dialectOf } from './wire-schema.ts';
import { type WireTools, wireTools } from './wire-tools.ts';

export interface OpenaiOptions extends EndpointOptions {
  parameters?: OpenaiParameters;
}

/** A model behind any endpoint that speaks OpenAI's Chat Completions. */
export function openaiAgent(options: OpenaiOptions): Agent {
  const { model, parameters = {}, prices = listPrices } = options;
  const id = `openai:${model}`;
  const endpoint = openEndpoint(id, options);
  const dialect = dialectOf(endpoint.baseUrl, model);
  const openSession = (): AgentSession => {
    const diff = requestDiff();
    return {
      decide: async (view, { asked, ...asking }) => {
        const tools = wireTools(view.tools, dialect);
        const body = bodyOf(view, { model, parameters, tools });
        const { request: shown, appended } = diff(body);
        asked(shown, appended);
        const { answer, before, retries } = await endpoint.ask(body, asking);
        const decision = decisionOf(answer, { model, tools, prices, before });
        return retries.length > 0 ? { ...decision, retries } : decision;
      },
      close: async () => {},
    };
  };
  return {
    id,
    model,
    digest: promptDigest,
    parameters: { ...parameters, baseUrl: endpoint.baseUrl } as Json,
    ...(!priceOf(model, prices) && { unpriced: model }),
    check: endpoint.check,
    open: async () => openSession(),
  };
}

function bodyOf(
  view: View,
  { model, parameters, tools: wire }: { model: string; parameters: OpenaiParameters; tools: WireTools },
): ChatCompletionCreateParamsStreaming {
  const { parallel_tool_calls, ...others } = parameters;
  const { tools } = wire;
  const body = {
    model,
    messages: messagesOf(view, model, wire),
    ...(tools.length > 0 && { tools, ...(parallel_tool_calls != null && { parallel_tool_calls }) }),
    stream: true as const,
    stream_options: { include_usage: true },
  };
  return withParameters(body, others);
}
