import { setTimeout as sleep } from 'node:timers/promises';
import { APIConnectionError, APIError } from 'openai';
import { messageOf, ProctorError } from '../../errors.ts';
import type { Decision } from '../../schema/decision.ts';
import type { RateGate } from '../rate-gate.ts';

export interface RetryOptions {
  /** Requests made before giving up. */
  attempts: number;
  /** The wait after the first failure, doubled after each further one. A wait that the server asks for is used instead. */
  firstWaitMs: number;
  /** A server that asks for a longer wait than this counts as unavailable. */
  longestWaitMs: number;
}

export const defaultRetry: RetryOptions = { attempts: 8, firstWaitMs: 1000, longestWaitMs: 300_000 };

interface Attempted<T> {
  value: T;
  retries: NonNullable<Decision['retries']>;
}

/**
 * Runs `attempt` through the gate, and again after failures that may pass.
 * Throws `model-refused-key`, `context-overflow`, `model-unavailable`, or the signal's reason.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { agent, gate, signal, ...options }: RetryOptions & { agent: string; gate: RateGate; signal: AbortSignal },
): Promise<Attempted<T>> {
  const retries: Attempted<T>['retries'] = [];
  for (;;) {
    try {
      return { value: await gate.enter(attempt, signal), retries };
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      const failure = failureOf(error);
      const waitedMs = Math.round(failure.waitMs ?? backOff(retries.length, options));
      const refusal = whyNot(failure, waitedMs, retries.length + 1, options);
      if (refusal !== undefined)
        throw new ProctorError(failure.code, `${agent}: ${refusal}`, { cause: error });
      if (failure.rateLimited) gate.shut(waitedMs);
      await sleep(waitedMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      retries.push({ reason: failure.reason, waitedMs });
    }
  }
}

/** Why there is no further attempt; undefined where there is one. */
function whyNot(failure: Failure, waitMs: number, tried: number, options: RetryOptions): string | undefined {
  if (!failure.passing) return failure.reason;
  if (tried >= options.attempts) return `no answer in ${tried} attempts, lastly: ${failure.reason}`;
  if (waitMs <= options.longestWaitMs) return undefined;
  return `the server asks to wait ${Math.round(waitMs / 1000)} s: ${failure.reason}`;
}

function backOff(failed: number, { firstWaitMs, longestWaitMs }: RetryOptions): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** failed);
  return wait * (0.5 + Math.random() / 2);
}

/** A request that failed, by what it means for the trial. */
interface Failure {
  code: 'model-refused-key' | 'model-unavailable' | 'context-overflow';
  reason: string;
  /** Whether asking again may help. */
  passing: boolean;
  /** Whether the server asked everybody to slow down. */
  rateLimited: boolean;
  /** How long the server asked to wait. */
  waitMs?: number;
}

// The wordings of OpenAI, vLLM, SGLang, llama.cpp, LM Studio, Anthropic, xAI, Google and Bedrock, in this order.
const overflow =
  /context.(length|size|window)|longer than the model|prompt is too long|maximum prompt length|input token count|input is too long/i;

/** Classifies what the client threw. */
function failureOf(error: APIError): Failure {
  const status = error.status ?? (Number(error.code) || undefined);
  const reason = messageOf(error);
  const waitMs = retryAfter(error.headers);
  const passing = { passing: true, rateLimited: status === 429, ...(waitMs !== undefined && { waitMs }) };
  const final = { passing: false, rateLimited: false };
  if (error instanceof APIConnectionError) return { code: 'model-unavailable', reason, ...passing };
  if (status === 401 || status === 403) return { code: 'model-refused-key', reason, ...final };
  if (status !== 429 && overflow.test(`${error.code} ${error.type} ${reason}`)) {
    return { code: 'context-overflow', reason, ...final };
  }
  if (error.code === 'insufficient_quota') return { code: 'model-unavailable', reason, ...final };
  const retried = status === undefined || status === 408 || status === 409 || status === 429 || status >= 500;
  return { code: 'model-unavailable', reason, ...(retried ? passing : final) };
}

/** Milliseconds from `retry-after-ms`, or from `retry-after` in seconds or as a date. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = headers?.get('retry-after-ms');
  if (ms) return positive(Number(ms));
  const after = headers?.get('retry-after');
  if (!after) return undefined;
  return positive(Number(after) * 1000) ?? positive(Date.parse(after) - Date.now());
}

const positive = (ms: number) => (Number.isFinite(ms) && ms >= 0 ? ms : undefined);
