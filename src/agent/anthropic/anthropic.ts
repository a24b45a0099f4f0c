import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { View } from '../../schema/view.ts';
import type { Agent } from '../agent.ts';
import type { EndpointAddress, Provider } from '../model/address.ts';
import { type AskOptions, asker } from '../model/ask.ts';
import { checkKey } from '../model/check-key.ts';
import { modelAgent } from '../model/model-agent.ts';
import { type ModelParameters, refuseOwn, withParameters } from '../model/parameters.ts';
import { systemPrompt } from '../model/prompt.ts';
import { clientTarget, type Target } from '../model/target.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { emptyAnswer } from './answer.ts';
import { decisionOf, tookOf } from './decision.ts';
import { messagesOf } from './messages.ts';

export interface AnthropicOptions extends AskOptions, EndpointAddress {
  parameters?: ModelParameters;
}

const provider: Provider = {
  baseUrl: 'https://api.anthropic.com',
  urlVariable: 'ANTHROPIC_BASE_URL',
  example: 'http://127.0.0.1:8000',
  keyVariables: ['ANTHROPIC_API_KEY'],
};

/** Where Anthropic's Messages are asked. Throws `bad-flag` where there is neither a key nor an endpoint of one's own. */
export const messagesTarget = (agent: string, given: EndpointAddress): Target =>
  clientTarget(agent, given, provider);

/** A model behind any endpoint that speaks Anthropic's Messages. Throws `bad-flag` where there is neither a key nor an endpoint of one's own. */
export function anthropicAgent(options: AnthropicOptions): Agent {
  const { model, parameters = {} } = options;
  const id = `anthropic:${model}`;
  refuseOwn(id, parameters, ['system', 'stream']);
  const target = messagesTarget(id, options);
  return modelAgent(options, {
    kind: 'anthropic',
    baseUrl: target.baseUrl,
    dialect: 'anthropic',
    list: 'messages',
    bodyOf: (view, tools) => bodyOf(view, { model, parameters, tools }),
    ask: asker(id, options, {
      to: () => target,
      empty: emptyAnswer,
      request: async (body: MessageCreateParamsStreaming, answer, watch) =>
        (await client()).request(target, body, answer, watch),
      tookOf,
    }),
    decisionOf,
    check: () => checkKey(id, target.baseUrl, async () => (await client()).listModels(target)),
  });
}

/** The SDK takes a while to load. */
const client = () => import('./request.ts');

/** Tokens of one answer where the user does not say it: the API wants a bound, and all models of today take this one. */
const maxTokens = 16_000;

const cached = { type: 'ephemeral' as const };

function bodyOf(
  view: View,
  { model, parameters, tools: wire }: { model: string; parameters: ModelParameters; tools: WireTools },
): MessageCreateParamsStreaming {
  const { parallel_tool_calls, ...others } = parameters;
  const tools = wire.tools.map(({ name, description, schema }) => ({
    name,
    description,
    input_schema: { ...schema, type: 'object' as const },
  }));
  const body: MessageCreateParamsStreaming = {
    model,
    max_tokens: maxTokens,
    // Tools and prompt are read from the cache by every request, and by each what the one before had.
    cache_control: cached,
    system: [{ type: 'text', text: systemPrompt(view, wire), cache_control: cached }],
    messages: messagesOf(view, model, wire),
    ...(tools.length > 0 && {
      tools,
      ...(parallel_tool_calls === false && {
        tool_choice: { type: 'auto' as const, disable_parallel_tool_use: true },
      }),
    }),
    stream: true,
  };
  return withParameters(body, others);
}
