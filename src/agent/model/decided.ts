import { exactJson, hasBigInteger, markBigInteger, parseExactly } from '../../schema/exact-json.ts';
import { type JsonObject, parseJsonObject } from '../../schema/json.ts';
import type { AgentDecision } from '../agent.ts';
import { type ModelUse, modelUse } from './model-use.ts';
import type { Prices } from './price.ts';
import type { WireTools } from './wire-tools.ts';

/** Who was asked. */
export interface Asked {
  /** The model that was asked for; an answer may name a dated version of it. */
  model: string;
  tools: WireTools;
  prices: Prices;
  /** What failed requests before took, as far as their endpoint told. */
  before?: readonly ModelUse[];
}

/** What a model said, in whichever protocol. */
export interface Said {
  text: string;
  reasoning?: string | undefined;
  /** Arguments as JSON text, as far as they are some. */
  calls: readonly { name: string; arguments: string; id: string }[];
  stop: AgentDecision['stop'];
  /** As the answer names it. */
  model: string | undefined;
  use: ModelUse;
  native: AgentDecision['native'];
}

/** What a model said as a decision. */
export function decided(said: Said, { model, tools, prices, before = [] }: Asked): AgentDecision {
  const { text, reasoning, stop, native } = said;
  return {
    ...(text !== '' && { text }),
    ...(reasoning && { reasoning }),
    calls: said.calls.map((call) => callOf(call, tools)),
    ...(stop && { stop }),
    ...modelUse([...before, { ...said.use, model }], prices),
    model: said.model ?? model,
    ...(native && { native }),
  };
}

function callOf(call: Said['calls'][number], tools: Asked['tools']): AgentDecision['calls'][number] {
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
