import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../../errors.ts';
import { several } from '../../format.ts';
import { GateShut, type RateGate } from '../../queue/budget/rate-gate.ts';
import type { Decision } from '../../schema/decision.ts';
import type { DecideOptions } from '../agent.ts';
import { answeredError, EndpointError, lostConnection } from './endpoint-error.ts';
import { isOverflow } from './overflow.ts';

export interface RetryOptions {
  /** Requests made before giving up; those that are answered with a 429 are not counted. */
  attempts: number;
  /** The wait after the first failure, doubled after each further one; longer where the server asks for that. */
  firstWaitMs: number;
  /** A server that keeps a decision waiting for longer than this counts as unavailable. */
  patienceMs: number;
}

export const defaultPatienceMs = 600_000;

export const defaultRetry: RetryOptions = {
  attempts: 8,
  firstWaitMs: 1000,
  patienceMs: defaultPatienceMs,
};

/** Requests made where the answers can't be read. */
const unreadableAttempts = 2;

/** The longest wait that the server did not ask for. */
const longestBackOffMs = 60_000;

export interface Attempted<T> {
  value: T;
  retries: NonNullable<Decision['retries']>;
}

/**
 * Runs `attempt` through the gate, and again after failures that may pass. All waiting is told to `waiting`.
 * Throws `model-refused-key`, `context-overflow`, `model-unavailable`, or the signal's reason.
 */
export async function withRetries<T>(
  attempt: (took: (tokens: number) => void) => Promise<T>,
  { agent, gate, tokens, signal, overflow, waiting = () => () => {}, ...options }: WithRetries,
): Promise<Attempted<T>> {
  const retries: Attempted<T>['retries'] = [];
  let until = performance.now() + options.patienceMs;
  let limited = 0;
  let goOn = waiting();
  let askedAt = 0;
  const enter = (took: (tokens: number) => void) => {
    // Whoever stands in line for a budget is not kept waiting by the endpoint.
    until += performance.now() - askedAt;
    goOn();
    return attempt(took);
  };
  try {
    for (;;) {
      try {
        askedAt = performance.now();
        return { value: await gate.enter(enter, { signal, until, ...(tokens && { tokens }) }), retries };
      } catch (error) {
        goOn = waiting();
        if (error instanceof GateShut)
          throw new ProctorError(
            'model-unavailable',
            `${agent}: ${outOfPatience(options)}, for its rate limit`,
          );
        if (!(error instanceof EndpointError)) throw error;
        const failure = failureOf(error, overflow);
        const failed = retries.length - limited + 1;
        const waitedMs = Math.round(Math.max(failure.waitMs ?? 0, backOff(retries.length, options)));
        const refusal = whyNot(failure, failed, waitedMs > until - performance.now(), waitedMs, options);
        if (refusal !== undefined)
          throw new ProctorError(failure.code, `${agent}: ${refusal}`, { cause: error });
        if (failure.rateLimited) {
          gate.shut(waitedMs);
          limited += 1;
        }
        await sleep(waitedMs, undefined, { signal }).catch(() => signal.throwIfAborted());
        retries.push({ reason: failure.reason, waitedMs });
      }
    }
  } finally {
    goOn();
  }
}

interface WithRetries extends RetryOptions {
  agent: string;
  gate: RateGate;
  /** About how many tokens a request takes. */
  tokens?: () => number;
  signal: AbortSignal;
  overflow?: readonly RegExp[];
  waiting?: DecideOptions['waiting'] | undefined;
}

/** Why there is no further attempt; undefined where there is one. */
function whyNot(
  { passing, rateLimited, unreadable, reason }: Failure,
  tried: number,
  isTooLong: boolean,
  waitMs: number,
  options: RetryOptions,
): string | undefined {
  if (!passing) return reason;
  const attempts = unreadable ? Math.min(unreadableAttempts, options.attempts) : options.attempts;
  if (!rateLimited && tried >= attempts)
    return `no answer in ${several(tried, 'attempt')}, lastly: ${reason}`;
  if (!isTooLong) return undefined;
  return waitMs > options.patienceMs
    ? `the server asks to wait ${Math.round(waitMs / 1000)} s: ${reason}`
    : `${outOfPatience(options)}, lastly: ${reason}`;
}

const outOfPatience = ({ patienceMs }: RetryOptions) =>
  `the endpoint kept a decision waiting for longer than ${patienceMs / 1000} s`;

/** The wait after so many failures: between half of it and the whole, so that trials do not come back all at once. */
function backOff(failed: number, { firstWaitMs }: RetryOptions): number {
  return Math.min(longestBackOffMs, firstWaitMs * 2 ** failed) * (0.5 + Math.random() / 2);
}

/** A request that failed, by what it means for the trial. */
export interface Failure {
  code: 'model-refused-key' | 'model-unavailable' | 'context-overflow';
  reason: string;
  /** Whether asking again may help. */
  passing: boolean;
  /** Whether the server asked everybody to slow down. */
  rateLimited: boolean;
  /** Whether an answer came that says nothing. */
  unreadable?: boolean;
  /** How long the server asked to wait. */
  waitMs?: number;
}

/** What an endpoint said, with a status that is no success, in place of an answer. */
export const failureOfAnswer = (
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  said: string,
): Failure => failureOf(answeredError(status, headers, said));

export const failureOfConnection = (message: string): Failure => failureOf(lostConnection(message));

/** What a failed request means. */
function failureOf({ message: reason, said }: EndpointError, overflow: readonly RegExp[] = []): Failure {
  const { status, words = '', unreadable = false } = said;
  const waitMs = retryAfter(said.headers) ?? said.waitMs;
  const passing = { passing: true, rateLimited: status === 429, ...(waitMs !== undefined && { waitMs }) };
  const final = { passing: false, rateLimited: false };
  if (said.connection) return { code: 'model-unavailable', reason, ...passing, unreadable };
  if (status === 401 || status === 403 || said.final === 'key')
    return { code: 'model-refused-key', reason, ...final };
  if (isOverflow({ status, words: `${words} ${reason}` }, overflow))
    return { code: 'context-overflow', reason, ...final };
  if (said.final === 'quota') return { code: 'model-unavailable', reason, ...final };
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
