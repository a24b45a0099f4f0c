import { parseJsonObject } from '../../schema/json.ts';
import type { ToolDescription } from '../../schema/view.ts';
import type { AgentDecision } from '../agent.ts';
import type { Answer } from './answer.ts';
import { answerUse, modelUse } from './model-use.ts';
import { nativeOf } from './native.ts';
import type { Prices } from './price.ts';
import { toolNamed } from './tool-name.ts';

interface Asked {
  /** The model that was asked for; an answer may name a dated version of it. */
  model: string;
  tools: readonly ToolDescription[];
  prices: Prices;
}

/** A model's answer as a decision. */
export function decisionOf(answer: Answer, asked: Asked): AgentDecision {
  const text = answer.text || answer.refusal;
  const stop = stopOf(answer);
  const native = nativeOf(answer, asked.model);
  const reasoning = answer.reasoning.reasoning_content ?? answer.reasoning.reasoning;
  return {
    ...(text !== '' && { text }),
    ...(typeof reasoning === 'string' && { reasoning }),
    calls: answer.calls.map((call) => callOf(call, asked.tools)),
    ...(stop && { stop }),
    ...modelUse([{ ...answerUse(answer), model: asked.model }], asked.prices),
    model: answer.model ?? asked.model,
    ...(native && { native }),
  };
}

function callOf(call: Answer['calls'][number], tools: Asked['tools']): AgentDecision['calls'][number] {
  const args = call.arguments.trim() === '' ? {} : parseJsonObject(call.arguments);
  return {
    tool: toolNamed(call.name, tools),
    arguments: args ?? {},
    ...(args === undefined && { malformed: call.arguments }),
    ...(call.id !== '' && { providerId: call.id }),
  };
}

function stopOf({ refusal, finishReason }: Answer): AgentDecision['stop'] {
  if (refusal !== '' || finishReason === 'content_filter') return 'refused';
  return finishReason === 'length' ? 'truncated' : undefined;
}
