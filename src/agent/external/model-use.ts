import type { TokenUsage } from '../../schema/decision.ts';
import type { AgentDecision } from '../agent.ts';
import type { Answer } from '../openai/answer.ts';
import { costOf, type Prices } from '../openai/price.ts';

type Use = Pick<AgentDecision, 'model' | 'usage' | 'costUsd'>;

/** What the model calls that led to a decision took together; empty where there was none. */
export function modelUse(answers: readonly Answer[], prices: Prices): Use {
  const used = answers.flatMap((answer) =>
    answer.usage ? [{ ...answer, tokens: tokensOf(answer.usage) }] : [],
  );
  const model = answers.findLast((answer) => answer.model)?.model;
  const usage = used.map(({ tokens }) => tokens).reduce<TokenUsage | undefined>(plus, undefined);
  const costs = used.map(({ tokens, model = '' }) => costOf(tokens, model, prices));
  const known = costs.filter((cost) => cost !== undefined);
  return {
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(known.length > 0 &&
      known.length === costs.length && { costUsd: known.reduce((sum, cost) => sum + cost, 0) }),
  };
}

function tokensOf(usage: NonNullable<Answer['usage']>): TokenUsage {
  const cached = usage.prompt_tokens_details?.cached_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    ...(cached != null && { cached }),
    ...(reasoning != null && { reasoning }),
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
