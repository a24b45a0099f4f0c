import { exactJson, hasBigInteger, markBigInteger, parseExactly } from '../../schema/exact-json.ts';
import { type JsonObject, parseJsonObject } from '../../schema/json.ts';
import type { AgentDecision } from '../agent.ts';
import type { Answer } from './answer.ts';
import type { WrittenCall } from './call-parts.ts';
import { answerUse, type ModelUse, modelUse } from './model-use.ts';
import { nativeOf } from './native.ts';
import type { Prices } from './price.ts';
import type { WireTools } from './wire-tools.ts';

interface Asked {
  /** The model that was asked for; an answer may name a dated version of it. */
  model: string;
  tools: WireTools;
  prices: Prices;
  /** What failed requests before took, as far as their endpoint told. */
  before?: readonly ModelUse[];
}

/** A model's answer as a decision. */
export function decisionOf(answer: Answer, asked: Asked): AgentDecision {
  const text = answer.text || answer.refusal;
  const stop = stopOf(answer);
  const native = nativeOf(answer, asked.model);
  const { reasoning_content, reasoning: thought, thinking = answer.thoughts } = answer.reasoning;
  const reasoning = reasoning_content ?? thought ?? thinking;
  return {
    ...(text !== '' && { text }),
    ...(typeof reasoning === 'string' && reasoning !== '' && { reasoning }),
    calls: answer.calls.map((call) => callOf(call, asked.tools)),
    ...(stop && { stop }),
    ...modelUse([...(asked.before ?? []), { ...answerUse(answer), model: asked.model }], asked.prices),
    model: answer.model ?? asked.model,
    ...(native && { native }),
  };
}

function callOf(call: WrittenCall, tools: Asked['tools']): AgentDecision['calls'][number] {
  const args = argumentsOf(call.arguments);
  const tool = tools.toolNamed(call.name);
  return {
    tool,
    arguments: args ? tools.fromWire(tool, args) : {},
    ...(args === undefined && { malformed: call.arguments }),
    ...(args && hasBigInteger(call.arguments) && { exact: exactArguments(call.arguments, tool, tools) }),
    ...(call.id !== '' && { providerId: call.id }),
  };
}

const exactArguments = (text: string, tool: string, tools: WireTools) =>
  exactJson(tools.fromWire(tool, parseExactly(text, markBigInteger) as JsonObject));

/** The arguments that a text is; none where it is empty or null, and those of a JSON text in a JSON text. */
function argumentsOf(text: string): JsonObject | undefined {
  const written = text.trim();
  if (written === '' || written === 'null') return {};
  if (!written.startsWith('"')) return parseJsonObject(written);
  try {
    return parseJsonObject(JSON.parse(written));
  } catch {
    return undefined;
  }
}

const length = /^(length|(max|model)_\w*(tokens|length))$/i;
const refused = /content_filter|refus|safety|prohibited|blocklist/i;

function stopOf({ refusal, finishReason = '' }: Answer): AgentDecision['stop'] {
  if (refusal !== '' || refused.test(finishReason)) return 'refused';
  return length.test(finishReason) ? 'truncated' : undefined;
}
