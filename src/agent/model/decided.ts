import type { AgentDecision } from '../agent.ts';
import { type ModelUse, modelUse } from './model-use.ts';
import type { Prices } from './price.ts';
import type { WireTools } from './wire-tools.ts';
import { readArguments } from './written-arguments.ts';

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
  const tool = tools.toolNamed(call.name);
  return {
    tool,
    ...readArguments(call.arguments, (args) => tools.fromWire(tool, args)),
    ...(call.id !== '' && { providerId: call.id }),
  };
}
