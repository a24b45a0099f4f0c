import type { AgentDecision } from '../agent.ts';
import { type Asked, decided } from '../model/decided.ts';
import type { Answer } from './answer.ts';
import { answerUse } from './answer-use.ts';
import { nativeOf } from './native.ts';

/** A model's answer as a decision. */
export function decisionOf(answer: Answer, asked: Asked): AgentDecision {
  const { reasoning_content, reasoning: thought, thinking = answer.thoughts } = answer.reasoning;
  const reasoning = reasoning_content ?? thought ?? thinking;
  return decided(
    {
      text: answer.text || answer.refusal,
      reasoning: typeof reasoning === 'string' ? reasoning : undefined,
      calls: answer.calls,
      stop: stopOf(answer),
      model: answer.model,
      use: answerUse(answer),
      native: nativeOf(answer, asked.model),
    },
    asked,
  );
}

const length = /^(length|(max|model)_\w*(tokens|length))$/i;
const refused = /content_filter|refus|safety|prohibited|blocklist/i;

function stopOf({ refusal, finishReason = '' }: Answer): AgentDecision['stop'] {
  if (refusal !== '' || refused.test(finishReason)) return 'refused';
  return length.test(finishReason) ? 'truncated' : undefined;
}
