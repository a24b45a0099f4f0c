import type { WireAnswer } from './dialect.ts';

const types: Record<number, string> = {
  401: 'authentication_error',
  402: 'insufficient_quota',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

/** An error as OpenAI's APIs and those that speak like them give it. */
export function openaiError(status: number, message: string): WireAnswer {
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error');
  const error = { message, type, param: null, code: null };
  return { status, contentType: 'application/json', body: JSON.stringify({ error }) };
}
