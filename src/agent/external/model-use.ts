import type { TokenUsage } from '../../schema/decision.ts';
import type { AgentDecision } from '../agent.ts';
import { costOf, type Prices } from '../openai/price.ts';
import type { ModelUse } from '../openai/response-use.ts';

/** What the model calls that led to a decision took together; empty where there was none. */
export function modelUse(
  uses: readonly ModelUse[],
  prices: Prices,
): Pick<AgentDecision, 'model' | 'usage' | 'costUsd'> {
  const model = uses.findLast((use) => use.model !== undefined)?.model;
  const usage = uses.flatMap(({ tokens }) => tokens ?? []).reduce<TokenUsage | undefined>(plus, undefined);
  const costs = uses.flatMap(({ tokens, model = '' }) => (tokens ? [costOf(tokens, model, prices)] : []));
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
