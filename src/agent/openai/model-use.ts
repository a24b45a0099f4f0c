import { Stream } from 'openai/streaming';
import { z } from 'zod';
import type { TokenUsage } from '../../schema/decision.ts';
import type { AgentDecision } from '../agent.ts';
import type { Answer } from './answer.ts';
import { costOf, type Prices } from './price.ts';

/** Model and tokens of one model call. */
export interface ModelUse {
  model?: string;
  tokens?: TokenUsage;
  /** Names of the tools that it called. */
  calls?: string[];
}

/** Use of a call of Chat Completions. */
export function answerUse({ model, usage, calls }: Answer): ModelUse {
  return {
    calls: calls.map(({ name }) => name),
    ...(model !== undefined && { model }),
    ...(usage && {
      tokens: tokenUsage(usage.prompt_tokens, usage.completion_tokens, {
        cached: usage.prompt_tokens_details?.cached_tokens,
        reasoning: usage.completion_tokens_details?.reasoning_tokens,
      }),
    }),
  };
}

const answered = z.looseObject({
  model: z.string().optional(),
  output: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).optional(),
  usage: z
    .looseObject({
      input_tokens: z.int().nonnegative(),
      output_tokens: z.int().nonnegative(),
      input_tokens_details: z.looseObject({ cached_tokens: z.int().nullish() }).nullish(),
      output_tokens_details: z.looseObject({ reasoning_tokens: z.int().nullish() }).nullish(),
    })
    .nullish(),
});

const last = z.looseObject({
  type: z.enum(['response.completed', 'response.incomplete', 'response.failed']),
  response: answered,
});

/** Use of a call of the Responses API, from its JSON or from the last event of its stream. */
export async function responseUse(response: Response): Promise<ModelUse> {
  if (response.headers.get('content-type')?.includes('json'))
    return modelUseOf(answered.parse(await response.json()));
  let use: ModelUse = {};
  for await (const event of Stream.fromSSEResponse(response, new AbortController())) {
    const parsed = last.safeParse(event);
    if (parsed.success) use = modelUseOf(parsed.data.response);
  }
  return use;
}

function modelUseOf({ model, usage, output = [] }: z.infer<typeof answered>): ModelUse {
  return {
    calls: output.flatMap(({ type, name }) => (type.endsWith('_call') ? (name ?? type) : [])),
    ...(model !== undefined && { model }),
    ...(usage && {
      tokens: tokenUsage(usage.input_tokens, usage.output_tokens, {
        cached: usage.input_tokens_details?.cached_tokens,
        reasoning: usage.output_tokens_details?.reasoning_tokens,
      }),
    }),
  };
}

function tokenUsage(
  input: number,
  output: number,
  { cached, reasoning }: { cached: number | null | undefined; reasoning: number | null | undefined },
): TokenUsage {
  return { input, output, ...(cached != null && { cached }), ...(reasoning != null && { reasoning }) };
}

/** What a model call cost in US dollars; undefined where its tokens or its price are not known. */
export const useCost = ({ tokens, model = '' }: ModelUse, prices: Prices) =>
  tokens && costOf(tokens, model, prices);

/** Model, tokens and cost of all model calls that led to a decision, as far as all of them are known; empty where there was none. */
export function modelUse(
  uses: readonly ModelUse[],
  prices: Prices,
): Pick<AgentDecision, 'model' | 'usage' | 'costUsd'> {
  const model = uses.findLast((use) => use.model !== undefined)?.model;
  const counted = uses.flatMap(({ tokens }) => tokens ?? []);
  const usage =
    counted.length < uses.length ? undefined : counted.reduce<TokenUsage | undefined>(plus, undefined);
  const costs = uses.map((use) => useCost(use, prices));
  const known = costs.filter((cost) => cost !== undefined);
  return {
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(known.length > 0 &&
      known.length === costs.length && { costUsd: known.reduce((sum, cost) => sum + cost, 0) }),
  };
}

function plus(sum: TokenUsage | undefined, one: TokenUsage): TokenUsage {
  if (!sum) return one;
  const cached = (sum.cached ?? 0) + (one.cached ?? 0);
  const reasoning = (sum.reasoning ?? 0) + (one.reasoning ?? 0);
  return {
    input: sum.input + one.input,
    output: sum.output + one.output,
    ...(cached > 0 && { cached }),
    ...(reasoning > 0 && { reasoning }),
  };
}
