import type { Decision } from '../../schema/decision.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { Answer } from './answer.ts';

const provider = 'openai-chat';

/** Keeps what only the same model understands: item 0 is of the message, item n + 1 of call n. */
export function nativeOf(answer: Answer, model: string): Decision['native'] {
  const items = [answer.reasoning, ...answer.calls.map((call) => call.extra)];
  if (items.every((item) => Object.keys(item).length === 0)) return undefined;
  return { provider, model, items };
}

/** What is sent back with a message and its calls; empty where another model made the decision. */
export function sentBack(
  { native }: Decision,
  model: string,
): { message: JsonObject; call(index: number): JsonObject } {
  const own = native?.provider === provider && native.model === model ? (native.items as JsonObject[]) : [];
  return { message: own[0] ?? {}, call: (index) => own[index + 1] ?? {} };
}
