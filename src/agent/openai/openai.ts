import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { View } from '../../schema/view.ts';
import type { Agent } from '../agent.ts';
import { modelAgent } from '../model/model-agent.ts';
import { type ModelParameters, withParameters } from '../model/parameters.ts';
import { dialectOf } from '../model/wire-schema.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { decisionOf } from './decision.ts';
import { type EndpointOptions, openEndpoint } from './endpoint.ts';
import { messagesOf } from './messages.ts';

export interface OpenaiOptions extends EndpointOptions {
  parameters?: ModelParameters;
}

/** A model behind any endpoint that speaks OpenAI's Chat Completions. */
export function openaiAgent(options: OpenaiOptions): Agent {
  const { model, parameters = {} } = options;
  const endpoint = openEndpoint(`openai:${model}`, options);
  return modelAgent(options, {
    ...endpoint,
    kind: 'openai',
    dialect: dialectOf(endpoint.baseUrl, model),
    list: 'messages',
    bodyOf: (view, tools) => bodyOf(view, { model, parameters, tools }),
    decisionOf,
  });
}

function bodyOf(
  view: View,
  { model, parameters, tools: wire }: { model: string; parameters: ModelParameters; tools: WireTools },
): ChatCompletionCreateParamsStreaming {
  const { parallel_tool_calls, ...others } = parameters;
  const tools = wire.tools.map(({ name, description, schema }) => ({
    type: 'function' as const,
    function: { name, description, ...(schema && { parameters: schema }) },
  }));
  const body = {
    model,
    messages: messagesOf(view, model, wire),
    ...(tools.length > 0 && { tools, ...(parallel_tool_calls != null && { parallel_tool_calls }) }),
    stream: true as const,
    stream_options: { include_usage: true },
  };
  return withParameters(body, others);
}
