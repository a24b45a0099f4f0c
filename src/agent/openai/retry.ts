import { setTimeout as sleep } from 'node:timers/promises';
import { APIError } from 'openai';
import { ProctorError } from '../../errors.ts';
import type { Decision } from '../../schema/decision.ts';
import type { RateGate } from '../rate-gate.ts';
import { type Failure, failureOf } from './failure.ts';

export interface RetryOptions {
  /** Requests made before giving up. */
  attempts: number;
  /** The wait after the first failure, doubled after each further one. A wait the server asks for goes before it. */
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
 * Does `attempt` through the gate, again after failures that may pass.
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
