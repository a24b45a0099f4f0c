import { isJsonObject, type JsonObject, parseJsonObject } from '../../schema/json.ts';

interface Said {
  /** Absent where no answer came, or none that had one. */
  status?: number | undefined;
  /** The codes and types that the endpoint gives of it. */
  words?: string;
  headers?: Headers | undefined;
  /** Milliseconds after which the endpoint wants to be asked again, where its headers do not say it. */
  waitMs?: number | undefined;
  /** No connection, a broken one, or an answer that broke off. */
  connection?: boolean;
  /** An answer that is there, but says nothing: asking again may help once, hardly twice. */
  unreadable?: boolean;
  /** Whether the account is used up, or the key no good, whatever the status. */
  final?: 'quota' | 'key' | undefined;
}

/** A request to a model's endpoint that failed, in whichever protocol. */
export class EndpointError extends Error {
  readonly said: Said;

  constructor(message: string, said: Said, cause?: unknown) {
    super(message, { cause });
    this.said = said;
  }
}

/** A failure of an endpoint that answered `text` with a status that is no success. */
export function answeredError(status: number, headers: Headers, text: string): EndpointError {
  const error = errorIn(text);
  const { message, code, type, status: name } = error ?? {};
  const said =
    typeof message === 'string' ? message : error ? JSON.stringify(error) : text.trim().slice(0, 300);
  const words = [code, type, name].filter((one) => typeof one === 'string').join(' ');
  const details = Array.isArray(error?.details) ? error.details.filter(isJsonObject) : [];
  const badKey = details.some(({ reason }) => reason === 'API_KEY_INVALID');
  const delay = details.map(({ retryDelay }) => /^([\d.]+)s$/.exec(String(retryDelay))?.[1]).find(Boolean);
  return new EndpointError(`${status} ${said || 'status code (no body)'}`, {
    status,
    words,
    headers,
    ...(badKey && { final: 'key' as const }),
    ...(code === 'insufficient_quota' && { final: 'quota' as const }),
    ...(delay && { waitMs: Number(delay) * 1000 }),
  });
}

/** The error in what an endpoint answered; Google's stands in a list where a stream was asked for. */
function errorIn(text: string): JsonObject | undefined {
  const list = text.trim();
  const body = parseJsonObject(list.startsWith('[') && list.endsWith(']') ? list.slice(1, -1) : list);
  return isJsonObject(body?.error) ? body.error : body;
}

export const brokenAnswer = (problem: string, cause?: unknown): EndpointError =>
  new EndpointError(
    `unreadable answer: ${problem.slice(0, 300)}`,
    { connection: true, unreadable: true },
    cause,
  );

export const lostConnection = (message: string, cause?: unknown): EndpointError =>
  new EndpointError(message, { connection: true }, cause);

/** An answer that ended since the conversation does not fit. */
export const outOfContext = (finishReason: string): EndpointError =>
  new EndpointError(`400 the answer ended for ${finishReason}`, { status: 400 });
