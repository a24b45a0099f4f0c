import { isJsonObject } from '../../schema/json.ts';
import type { AgentDecision } from '../agent.ts';
import { type Asked, decided } from '../model/decided.ts';
import { type ModelUse, toUse } from '../model/model-use.ts';
import { type Answer, callsOf, textIn } from './answer.ts';
import { nativeOf } from './native.ts';

/** What an answer took; thinking is counted in its output. */
export function tookOf(answer: Answer): ModelUse {
  const { usage, model } = answer;
  const details = usage.output_tokens_details;
  const thinking = isJsonObject(details) ? details.thinking_tokens : undefined;
  const told = thinking === undefined ? {} : { output_tokens_details: { reasoning_tokens: thinking } };
  return toUse(
    model,
    { ...usage, ...told },
    callsOf(answer).map(({ name }) => name),
  );
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
