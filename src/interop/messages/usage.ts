import { type TokenUsage, tokenUsage } from '../../schema/decision.ts';

type Fields = Record<string, unknown>;

/** Tokens as Chat Completions, the Responses API or Anthropic, which counts cached ones apart, report them; undefined where they can't be read. */
export function usageOf(reported: unknown): TokenUsage | undefined {
  if (typeof reported !== 'object' || reported === null) return undefined;
  const usage = reported as Fields;
  const input = usage.prompt_tokens ?? usage.input_tokens;
  const output = usage.completion_tokens ?? usage.output_tokens;
  if (input == null && output == null) return undefined;
  const apart = count(usage.cache_read_input_tokens) + count(usage.cache_creation_input_tokens);
  const asked = (usage.prompt_tokens_details ?? usage.input_tokens_details) as Fields | undefined;
  const answered = (usage.completion_tokens_details ?? usage.output_tokens_details) as Fields | undefined;
  const cached = usage.cache_read_input_tokens ?? asked?.cached_tokens;
  return tokenUsage.safeParse({
    input: count(input) + apart,
    output: count(output),
    ...(typeof cached === 'number' && { cached }),
    ...(typeof answered?.reasoning_tokens === 'number' && { reasoning: answered.reasoning_tokens }),
  }).data;
}

const count = (value: unknown) => (typeof value === 'number' ? value : 0);

/** US dollars, where whoever answered says them. */
export function costOf(reported: unknown): number | undefined {
  const cost = (reported as Fields | null | undefined)?.cost;
  return typeof cost === 'number' && cost >= 0 ? cost : undefined;
}

/** Seconds since 1970 or a date as ISO 8601; undefined where it is neither. */
export function timeOf(at: unknown): string | undefined {
  const ms = typeof at === 'number' ? at * 1000 : typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return Number.isNaN(new Date(ms).getTime()) ? undefined : new Date(ms).toISOString();
}
