import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { Decision } from '../../schema/decision.ts';
import { isJsonObject, type JsonObject } from '../../schema/json.ts';
import { type Answer, isCall } from './answer.ts';

const provider = 'anthropic';

/** Keeps the blocks where they say more than text and calls do: thinking with its signature. Calls leave their place only. */
export function nativeOf({ blocks }: Answer, model: string): Decision['native'] {
  if (blocks.every((block) => block.type === 'text' || isCall(block))) return undefined;
  const items = blocks.map((block) => {
    const { id: _, name: __, input: ___, ...rest } = block;
    return isCall(block) ? rest : block;
  });
  return { provider, model, items };
}

/** The blocks of a decision: its own, with its calls in their places, or made anew where another model made the decision. */
export function blocksOf(
  { native, text = '' }: Decision,
  model: string,
  calls: readonly ContentBlockParam[],
): ContentBlockParam[] {
  const own = native?.provider === provider && native.model === model ? native.items : undefined;
  if (!own) return [...textBlocks(text), ...calls];
  const left = [...calls];
  const blocks = own.filter(isJsonObject).flatMap((item): ContentBlockParam[] => {
    if (!isCall(item)) return item.type === 'text' && isBlank(item.text) ? [] : [asBlock(item)];
    const call = left.shift();
    return call ? [{ ...asBlock(item), ...call } as ContentBlockParam] : [];
  });
  return [...blocks, ...left];
}

/** The endpoint refuses blocks of text without any. */
export const textBlocks = (text: string): { type: 'text'; text: string }[] =>
  isBlank(text) ? [] : [{ type: 'text', text }];

const isBlank = (text: unknown) => typeof text !== 'string' || text.trim() === '';

const asBlock = (item: JsonObject) => item as unknown as ContentBlockParam;
