import { isJsonObject, type JsonObject } from '../../schema/json.ts';
import type { AgentDecision } from '../agent.ts';
import { type Asked, decided } from '../model/decided.ts';
import { type ModelUse, toUse } from '../model/model-use.ts';
import { type Answer, callsOf, textIn } from './answer.ts';
import { nativeOf } from './native.ts';

/** What an answer took; thinking is counted in its output. */
export const tookOf = (answer: Answer): ModelUse =>
  toUse(
    answer.model,
    usageOf(answer),
    callsOf(answer).map(({ name }) => name),
  );

/** The usage that an answer tells, with thinking where it is told elsewhere. */
export function usageOf({ usage }: Answer): JsonObject {
  const details = usage.output_tokens_details;
  const thinking = isJsonObject(details) ? details.thinking_tokens : undefined;
  return thinking === undefined ? usage : { ...usage, output_tokens_details: { reasoning_tokens: thinking } };
}

/** A model's answer as a decision. */
export function decisionOf(answer: Answer, asked: Asked): AgentDecision {
  const { stopReason, explanation = '', model } = answer;
  return decided(
    {
      text: textIn(answer, 'text') || explanation,
      reasoning: textIn(answer, 'thinking'),
      calls: callsOf(answer),
      stop: stops[stopReason ?? ''],
      model,
      use: tookOf(answer),
      native: nativeOf(answer, asked.model),
    },
    asked,
  );
}

const stops: Record<string, AgentDecision['stop']> = { refusal: 'refused', max_tokens: 'truncated' };
