import type { TokenUsage } from '../../schema/decision.ts';
import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';

/**
 * The tokens that a server tells, in the names of Chat Completions, the Responses API or Anthropic's Messages; undefined where it does
 * not tell both sides and they do not follow from the sum.
 */
export function toldTokens(usage: JsonObject): TokenUsage | undefined {
  const details = (side: string) => {
    const told = usage[`${side}_tokens_details`];
    return isJsonObject(told) ? told : {};
  };
  const total = count(usage.total_tokens);
  let output = count(usage.completion_tokens) ?? count(usage.output_tokens);
  let input = count(usage.prompt_tokens) ?? count(usage.input_tokens) ?? less(total, output);
  output ??= less(total, input);
  if (input === undefined || output === undefined) return undefined;
  const reasoning = count({ ...details('completion'), ...details('output') }.reasoning_tokens);
  if (reasoning !== undefined && total === input + output + reasoning) output += reasoning;
  let cached =
    count({ ...details('prompt'), ...details('input') }.cached_tokens) ??
    count(usage.prompt_cache_hit_tokens) ??
    count(usage.cached_tokens);
  const read = count(usage.cache_read_input_tokens);
  if (usage.input_tokens !== undefined && read !== undefined) {
    input += read + (count(usage.cache_creation_input_tokens) ?? 0);
    cached = read;
  }
  cached ??= read;
  if (cached !== undefined && cached > input) {
    if (total === input + cached + output) input += cached;
    else cached = input;
  }
  return {
    input,
    output,
    ...(cached !== undefined && { cached }),
    ...(reasoning !== undefined && { reasoning }),
  };
}

/** What a server says that it billed, in US dollars. */
export function toldCost(usage: JsonObject): number | undefined {
  const { cost } = usage;
  return typeof cost === 'number' && cost >= 0 ? cost : undefined;
}

const count = (value: Json | undefined) =>
  typeof value === 'number' && value >= 0 ? Math.round(value) : undefined;

const less = (total: number | undefined, part: number | undefined) =>
  total === undefined || part === undefined ? undefined : Math.max(0, total - part);
