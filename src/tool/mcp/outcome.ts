import { STATUS_CODES } from 'node:http';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { OAuthError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '../../errors.ts';
import type { ToolAnswer } from './answer.ts';

/** What a call came to, before anyone has judged whose fault it is. */
export type CallOutcome<R = ToolAnswer> =
  | { kind: 'result'; result: R }
  /** A JSON-RPC error of the server. */
  | { kind: 'error'; message: string; code: number; data?: unknown }
  /** Something that is no result of a tool call. */
  | { kind: 'malformed'; message: string }
  /** No answer, and no progress, within the time; the server was told to cancel. */
  | { kind: 'timeout' }
  | { kind: 'aborted' }
  /** The connection failed or ended; `status` where a server refused a request over HTTP, `waitMs` where it said when to come again. */
  | { kind: 'lost'; message: string; status?: number; waitMs?: number };

export type FailedOutcome = Exclude<CallOutcome, { kind: 'result' }>;

/** `data` of the error that stands for an answer which never came, since its stream ended; told by identity, so that no server can say it. */
export const streamEnded = { proctor: 'stream-ended' };
/** The same for an answer that can't be read. */
export const unreadable = { proctor: 'unreadable' };

/** A call that was refused by HTTP 429, and so not carried out. */
export class TooManyRequests extends StreamableHTTPError {
  /** Milliseconds to wait, from `retry-after` in seconds or as a date; a second where it is missing. */
  readonly waitMs: number;

  constructor(text: string, retryAfter: string | null) {
    super(429, `Error POSTing to endpoint: ${text}`);
    const after = retryAfter ? Number(retryAfter) * 1000 : Number.NaN;
    const until = Number.isNaN(after) ? Date.parse(retryAfter ?? '') - Date.now() : after;
    this.waitMs = Number.isNaN(until) ? 1_000 : Math.max(0, until);
  }

  static async of(response: Response): Promise<TooManyRequests> {
    return new TooManyRequests(await response.text(), response.headers.get('retry-after'));
  }
}

/** What the SDK's error of a request means. */
export function failedOutcome(error: unknown, closed: boolean): FailedOutcome {
  if (!(error instanceof McpError)) return failedTransport(error);
  const { code, data } = error;
  const message = error.message.replace(/^(MCP error -?\d+: )+/, '');
  if (closed || data === streamEnded) return { kind: 'lost', message };
  if (data === unreadable) return { kind: 'malformed', message };
  const { timeout } = (data ?? {}) as { timeout?: number };
  if (code === ErrorCode.RequestTimeout && timeout !== undefined) return { kind: 'timeout' };
  return { kind: 'error', code, message, ...(data !== undefined && { data }) };
}

function failedTransport(error: unknown): FailedOutcome {
  if (error instanceof UnauthorizedError) return { kind: 'lost', ...refusal(401, '') };
  const message = messageOf(error).replace(/^Streamable HTTP error: /, '');
  if (error instanceof OAuthError) {
    const words = [error.errorCode, message].filter(Boolean).join(': ');
    return { kind: 'lost', message: `its authorization server gave no token: ${words}` };
  }
  if (error instanceof TooManyRequests)
    return { kind: 'lost', ...refusal(429, message), waitMs: error.waitMs };
  if (error instanceof StreamableHTTPError || error instanceof SseError) {
    const { code = -1 } = error;
    if (code >= 400) return { kind: 'lost', ...refusal(code, message) };
    return { kind: 'lost', message: message.replace(/^Error POSTing to endpoint: /, '') };
  }
  const status = /\(HTTP (\d{3})\)/.exec(message)?.[1];
  if (status !== undefined) return { kind: 'lost', ...refusal(Number(status), message) };
  if (error instanceof SyntaxError) return { kind: 'malformed', message: `no JSON (${message})` };
  if (error instanceof Error && 'issues' in error)
    return { kind: 'malformed', message: 'no JSON-RPC message' };
  return { kind: 'lost', message: causeOf(error) ?? message };
}

const hints: Record<number, string> = {
  401: ' (authorisation is missing or was not accepted: see "headers" and "oauth" of this server)',
  403: ' (what it was given is not allowed this)',
  404: ' (nothing is there, or the session has ended)',
  429: ' (too many requests)',
};

/** Characters of a refusal's text that are shown. */
const maxSaid = 200;

/** An HTTP status in words, with what the server said. */
function refusal(status: number, message: string): { status: number; message: string } {
  const said = message
    .replace(/^[^:]*(POSTing to endpoint|open SSE stream)[^:]*: ?/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const name = STATUS_CODES[status];
  const cut = said.length > maxSaid ? `${said.slice(0, maxSaid)}…` : said;
  const text = `it answered HTTP ${status}${name ? ` ${name}` : ''}${hints[status] ?? ''}`;
  return { status, message: cut === '' || cut === name ? text : `${text}: ${cut}` };
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof Error
    ? `${error.message}: ${messageOf(error.cause) || (error.cause as { code?: string }).code}`
    : undefined;
}
