import { createHash } from 'node:crypto';
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';
import type { View } from '../../schema/view.ts';
import type { Agent, AgentDecision } from '../agent.ts';
import { asker } from '../model/ask.ts';
import { checkKey } from '../model/check-key.ts';
import { type Asked, decided } from '../model/decided.ts';
import { modelAgent } from '../model/model-agent.ts';
import { type ModelParameters, refuseOwn, withParameters } from '../model/parameters.ts';
import { systemPrompt } from '../model/prompt.ts';
import { dialectOf } from '../model/wire-schema.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { modelEndpoint } from './model-endpoint.ts';
import type { OpenaiOptions } from './openai.ts';
import { emptyResponse, itemsOf, type ResponseAnswer, responseUse, saidIn } from './response-answer.ts';
import { inputOf } from './response-input.ts';
import { isCall, nativeOf } from './response-native.ts';

/** What only the conversation decides: it is sent whole each time, so that it can be continued from the record. */
const own = ['input', 'instructions', 'stream', 'background', 'conversation', 'previous_response_id'];

/** A model behind any endpoint that speaks OpenAI's Responses API. Throws `bad-flag` where there is neither a key nor an endpoint of one's own. */
export function responsesAgent(options: OpenaiOptions): Agent {
  const { model, parameters = {} } = options;
  const kind = 'openai-responses';
  const id = `${kind}:${model}`;
  refuseOwn(id, parameters, own);
  const target = modelEndpoint(id, options);
  return modelAgent(options, {
    kind,
    baseUrl: target.baseUrl,
    dialect: dialectOf(target.baseUrl, model),
    list: 'input',
    bodyOf: (view, tools) => bodyOf(view, { model, parameters, tools }),
    ask: asker(id, options, {
      to: () => target,
      empty: emptyResponse,
      request: async (body: Body, answer, watch) =>
        (await client()).requestResponse(target, body, answer, watch),
      tookOf,
    }),
    decisionOf,
    check: () => checkKey(id, target.baseUrl, async () => (await client()).listModels(target)),
  });
}

/** The SDK takes a while to load. */
const client = () => import('./response-request.ts');

type Body = ResponseCreateParamsStreaming & { input: readonly unknown[] };

/** Models that refuse to be asked for their reasoning, since they have none. */
const withoutReasoning = /^(gpt-3|gpt-4|chatgpt-4)/;

function bodyOf(
  view: View,
  { model, parameters, tools: wire }: { model: string; parameters: ModelParameters; tools: WireTools },
): Body {
  const { parallel_tool_calls, ...others } = parameters;
  const tools = wire.tools.map(({ name, description, schema }) => ({
    type: 'function' as const,
    name,
    description,
    parameters: schema ?? null,
    strict: false,
  }));
  const instructions = systemPrompt(view, wire);
  const body: Body = {
    model,
    instructions,
    input: inputOf(view, model, wire),
    ...(tools.length > 0 && { tools, ...(parallel_tool_calls != null && { parallel_tool_calls }) }),
    // Reasoning is sent back, so that the endpoint need not keep anything.
    store: false,
    ...(!withoutReasoning.test(model) && { include: ['reasoning.encrypted_content' as const] }),
    prompt_cache_key: cacheKey(model, instructions, view.instruction),
    stream: true,
  };
  return withParameters(body, others);
}

/** The same for all requests of a task, which begin alike: they go to where that was cached. */
const cacheKey = (...parts: string[]) =>
  `proctor-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;

const callsOf = (answer: ResponseAnswer) =>
  itemsOf(answer)
    .filter(isCall)
    .map(({ name, arguments: args, call_id: id }) => ({
      name: String(name ?? ''),
      arguments: String(args ?? ''),
      id: String(id ?? ''),
    }));

const tookOf = (answer: ResponseAnswer) =>
  responseUse(
    answer,
    callsOf(answer).map(({ name }) => name),
  );

/** A model's answer as a decision. */
function decisionOf(answer: ResponseAnswer, asked: Asked): AgentDecision {
  const use = tookOf(answer);
  return decided(
    {
      ...saidIn(answer),
      calls: callsOf(answer),
      model: use.model,
      use,
      native: nativeOf(itemsOf(answer), asked.model),
    },
    asked,
  );
}
