import type { TokenUsage } from '../schema/decision.ts';

/** Tokens of two answers together. */
export function plus(sum: TokenUsage | undefined, one: TokenUsage): TokenUsage {
  if (!sum) return one;
  const cached = (sum.cached ?? 0) + (one.cached ?? 0);
  const reasoning = (sum.reasoning ?? 0) + (one.reasoning ?? 0);
  return {
    input: sum.input + one.input,
    output: sum.output + one.output,
    ...(cached > 0 && { cached }),
    ...(reasoning > 0 && { reasoning }),
  };
}
