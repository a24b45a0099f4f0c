import type { Wrapping } from '../../schema/decision.ts';
import type { AgentDecision } from '../agent.ts';
import { plus } from '../token-sum.ts';

/** Model, tokens, cost and failed requests of all of these together; what one that used a model does not tell, is not told of all. */
function spentOn(
  decisions: readonly AgentDecision[],
): Pick<AgentDecision, 'model' | 'usage' | 'costUsd' | 'retries'> {
  const asked = decisions.filter(
    ({ model, usage, costUsd }) => model !== undefined || usage !== undefined || costUsd !== undefined,
  );
  const model = asked.findLast((one) => one.model !== undefined)?.model;
  const usages = asked.flatMap(({ usage }) => usage ?? []);
  const costs = asked.flatMap(({ costUsd }) => costUsd ?? []);
  const usage =
    usages.length === asked.length
      ? usages.reduce<(typeof usages)[number] | undefined>(plus, undefined)
      : undefined;
  const retries = decisions.flatMap((one) => one.retries ?? []);
  return {
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(costs.length > 0 &&
      costs.length === asked.length && { costUsd: costs.reduce((sum, cost) => sum + cost, 0) }),
    ...(retries.length > 0 && { retries }),
  };
}

/** A decision that a wrapper came to, with what all that was asked for it took and what the wrapper did. */
export function wrapped(
  decision: AgentDecision,
  all: readonly AgentDecision[],
  did: Wrapping,
): AgentDecision {
  const { usage: _, costUsd: __, retries: ___, ...own } = decision;
  return { ...spentOn(all), ...own, wrapped: [...(decision.wrapped ?? []), did] };
}
