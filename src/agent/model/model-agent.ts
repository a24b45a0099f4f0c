import type { Json } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { Agent, AgentDecision, AgentSession } from '../agent.ts';
import { requestDiff } from './appended.ts';
import type { Answered, Asking, AskOptions } from './ask.ts';
import type { Asked } from './decided.ts';
import type { ModelParameters } from './parameters.ts';
import { listPrices, priceOf } from './price.ts';
import { promptDigest } from './prompt.ts';
import type { Dialect } from './wire-schema.ts';
import { type WireTools, wireTools } from './wire-tools.ts';

/** How models of one API are asked. */
export interface Protocol<K extends string, Body extends Record<K, readonly unknown[]>, Answer> {
  /** As the agent's id names it. */
  kind: string;
  baseUrl: string;
  dialect: Dialect;
  /** Where a request has its messages. */
  list: K;
  bodyOf(view: View, tools: WireTools): Body;
  /** Throws `model-refused-key`, `model-unavailable`, `context-overflow`, or the signal's reason. */
  ask(body: Body, asking: Asking): Promise<Answered<Answer>>;
  decisionOf(answer: Answer, asked: Asked): AgentDecision;
  /** Throws `model-refused-key` or `model-unavailable`. */
  check(): Promise<void>;
}

/** A model as an agent. */
export function modelAgent<K extends string, Body extends Record<K, readonly unknown[]>, Answer>(
  { model, parameters = {}, prices = listPrices }: AskOptions & { parameters?: ModelParameters },
  protocol: Protocol<K, Body, Answer>,
): Agent {
  const openSession = (): AgentSession => {
    const diff = requestDiff(protocol.list);
    return {
      decide: async (view, { asked, ...asking }) => {
        const tools = wireTools(view.tools, protocol.dialect);
        const body = protocol.bodyOf(view, tools);
        const { request, appended } = diff(body);
        asked(request, appended);
        const { answer, before, retries } = await protocol.ask(body, asking);
        const decision = protocol.decisionOf(answer, { model, tools, prices, before });
        return retries.length > 0 ? { ...decision, retries } : decision;
      },
      close: async () => {},
    };
  };
  return {
    id: `${protocol.kind}:${model}`,
    model,
    digest: promptDigest,
    parameters: { ...parameters, baseUrl: protocol.baseUrl } as Json,
    ...(!priceOf(model, prices) && { unpriced: model }),
    check: () => protocol.check(),
    open: async () => openSession(),
  };
}
