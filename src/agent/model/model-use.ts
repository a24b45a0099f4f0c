import type { TokenUsage } from '../../schema/decision.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { AgentDecision } from '../agent.ts';
import { plus } from '../token-sum.ts';
import { costOf, type Prices } from './price.ts';
import { toldCost, toldTokens } from './told-usage.ts';

/** Model and tokens of one model call. */
export interface ModelUse {
  model?: string;
  tokens?: TokenUsage;
  /** What the provider says that it billed, in US dollars. */
  toldUsd?: number;
  /** Names of the tools that it called. */
  calls?: string[];
}

/** Use by what a server tells of a call, in the names that `toldTokens` knows. */
export function toUse(model: string | undefined, usage: JsonObject | undefined, calls: string[]): ModelUse {
  const tokens = usage && toldTokens(usage);
  const toldUsd = usage && toldCost(usage);
  return {
    calls,
    ...(model !== undefined && { model }),
    ...(tokens && { tokens }),
    ...(toldUsd !== undefined && { toldUsd }),
  };
}

/** What a model call cost in US dollars: what its provider says, else by the price; undefined where neither is known. */
export const billOf = ({ tokens, toldUsd, model = '' }: ModelUse, prices: Prices) =>
  toldUsd ?? (tokens && costOf(tokens, model, prices));

/** Model, tokens and cost of all model calls that led to a decision, as far as all of them are known; empty where there was none. */
export function modelUse(
  uses: readonly ModelUse[],
  prices: Prices,
): Pick<AgentDecision, 'model' | 'usage' | 'costUsd'> {
  const model = uses.findLast((use) => use.model !== undefined)?.model;
  const counted = uses.flatMap(({ tokens }) => tokens ?? []);
  const usage =
    counted.length < uses.length ? undefined : counted.reduce<TokenUsage | undefined>(plus, undefined);
  const costs = uses.map((use) => billOf(use, prices));
  const known = costs.filter((cost) => cost !== undefined);
  return {
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(known.length > 0 &&
      known.length === costs.length && { costUsd: known.reduce((sum, cost) => sum + cost, 0) }),
  };
}
