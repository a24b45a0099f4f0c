import type { TokenUsage } from '../../schema/decision.ts';

/** What requests will take, told from their size and from what those before took. */
export interface UsageEstimate {
  /** Tokens that a request is expected to take, with its answer. */
  of(body: unknown): number;
  /** Takes what the last one that was estimated did take. */
  learn(body: unknown, usage: TokenUsage): void;
}

/** Before any is known: bytes of a request per token, and tokens of an answer that has no bound. */
const [bytesPerToken, answerTokens] = [4, 1000] as const;

/** How much the latest request counts. */
const recent = 0.2;

/** Answers differ more than requests do. */
const room = 1.1;

export function usageEstimate(): UsageEstimate {
  const sizes = new WeakMap<object, number>();
  let perByte = 1 / bytesPerToken;
  let output: number | undefined;
  const sizeOf = (body: unknown) => {
    const size = JSON.stringify(body)?.length ?? 0;
    if (typeof body === 'object' && body) sizes.set(body, size);
    return size;
  };
  return {
    of: (body) => {
      const bound = boundOf(body);
      const answer = output === undefined ? (bound ?? answerTokens) : output * room;
      return Math.ceil(sizeOf(body) * perByte + Math.min(answer, bound ?? Number.POSITIVE_INFINITY));
    },
    learn: (body, usage) => {
      const size = typeof body === 'object' && body ? sizes.get(body) : undefined;
      if (size) perByte += recent * (usage.input / size - perByte);
      output = output === undefined ? usage.output : output + recent * (usage.output - output);
    },
  };
}

/** The most tokens that an answer may have, where the request says so. */
function boundOf(body: unknown): number | undefined {
  const given = (typeof body === 'object' && body ? body : {}) as Record<string, unknown>;
  const bound = given.max_completion_tokens ?? given.max_tokens ?? given.max_output_tokens;
  return typeof bound === 'number' ? bound : undefined;
}
