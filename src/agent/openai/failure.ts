import { APIConnectionError, type APIError } from 'openai';
import { messageOf } from '../../errors.ts';

/** A request that failed, as the house sees it. */
export interface Failure {
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

/** Sorts what the client threw. */
export function failureOf(error: APIError): Failure {
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
