import type { ResponseInputItem } from 'openai/resources/responses/responses';
import type { Decision } from '../../schema/decision.ts';
import { isJsonObject, type JsonObject } from '../../schema/json.ts';

const provider = 'openai-responses';

/** Keeps the items where they say more than text and calls do: reasoning, and which phase a message is of. Calls leave their place only. */
export function nativeOf(items: readonly JsonObject[], model: string): Decision['native'] {
  const isPlain = ({ type, phase }: JsonObject) =>
    isCall({ type: type ?? null }) || (type === 'message' && !phase);
  if (items.every(isPlain)) return undefined;
  const kept = items.map((item) => {
    const { call_id: _, name: __, arguments: ___, ...rest } = item;
    return isCall(item) ? rest : item;
  });
  return { provider, model, items: kept };
}

export const isCall = ({ type }: JsonObject): boolean => type === 'function_call';

/** The items of a decision: its own, with its calls in their places, or made anew where another model made the decision. */
export function itemsOfDecision(
  { native, text = '' }: Decision,
  model: string,
  calls: readonly JsonObject[],
): ResponseInputItem[] {
  const own = native?.provider === provider && native.model === model ? native.items : undefined;
  if (!own) {
    const said = text === '' ? [] : [{ role: 'assistant', content: text }];
    return [...said, ...calls] as unknown as ResponseInputItem[];
  }
  const left = [...calls];
  const items = own.filter(isJsonObject).flatMap((item): JsonObject[] => {
    if (!isCall(item)) return isReadable(item) ? [item] : [];
    const call = left.shift();
    return call ? [{ ...item, ...call }] : [];
  });
  return [...items, ...left] as unknown as ResponseInputItem[];
}

/** An endpoint that keeps nothing can't find reasoning again of which it gave the id alone. */
const isReadable = ({ type, encrypted_content: sealed, content }: JsonObject) =>
  type !== 'reasoning' || Boolean(sealed) || (Array.isArray(content) && content.length > 0);
