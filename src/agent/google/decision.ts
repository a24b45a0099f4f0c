import type { TokenUsage } from '../../schema/decision.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import type { AgentDecision } from '../agent.ts';
import { type Asked, decided } from '../model/decided.ts';
import type { ModelUse } from '../model/model-use.ts';
import { type Answer, callsOf, textOf } from './answer.ts';
import { nativeOf } from './native.ts';

/** What an answer took; thoughts are counted in its output. */
export function tookOf(answer: Answer): ModelUse {
  const { model, usage } = answer;
  const tokens = tokensOf(usage);
  return {
    calls: callsOf(answer).map(({ name }) => name),
    ...(model !== undefined && { model }),
    ...(tokens && { tokens }),
  };
}

/** Undefined where the server does not tell what came in; what went out is left out where it is nothing. */
function tokensOf(usage: JsonObject): TokenUsage | undefined {
  const count = (value: Json | undefined) =>
    typeof value === 'number' && value >= 0 ? Math.round(value) : 0;
  if (typeof usage.promptTokenCount !== 'number') return undefined;
  const input = count(usage.promptTokenCount) + count(usage.toolUsePromptTokenCount);
  const reasoning = count(usage.thoughtsTokenCount);
  return {
    input,
    output: count(usage.candidatesTokenCount) + reasoning,
    cached: Math.min(input, count(usage.cachedContentTokenCount)),
    reasoning,
  };
}

/** A model's answer as a decision. */
export function decisionOf(answer: Answer, asked: Asked): AgentDecision {
  const { finishReason = '', finishMessage = '', model } = answer;
  const text = textOf(answer, false);
  return decided(
    {
      text: text || finishMessage,
      reasoning: textOf(answer, true),
      calls: callsOf(answer),
      stop: refused.test(finishReason) ? 'refused' : finishReason === 'MAX_TOKENS' ? 'truncated' : undefined,
      model,
      use: tookOf(answer),
      native: nativeOf(answer, asked.model),
    },
    asked,
  );
}

const refused = /SAFETY|RECITATION|BLOCKLIST|PROHIBITED|SPII|JAILBREAK|MODEL_ARMOR/;
