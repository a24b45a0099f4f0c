import { messageOf } from '../../errors.ts';
import { exactText } from '../../schema/exact-json.ts';
import { answeredError, brokenAnswer, EndpointError, lostConnection } from './endpoint-error.ts';
import { seen, type Watch, watched } from './watch.ts';

interface Made {
  /** What every request has in its query. */
  query: Readonly<Record<string, string>>;
  /** What is done with an answer before the client reads it. */
  read?(answer: Response): Response;
  /** What the client threw of what stood in a stream. */
  failure?(error: unknown): EndpointError | undefined;
}

/**
 * Makes one request by a provider's client that is handed this `fetch`: failures keep their status and headers, marked integers become
 * integers, and every byte of a stream is heard. Throws `EndpointError`, or the signal's reason.
 */
export const exchange = <T>(
  watch: Watch,
  { query, read = (answer) => answer, failure }: Made,
  send: (fetch: typeof globalThis.fetch, signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  watched(watch, async (controller, heard) => {
    let failed: unknown;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      try {
        const response = await asked(input, init, query);
        watch.headers?.(response.headers);
        return read(seen(streamOf(response), heard));
      } catch (error) {
        failed = error;
        throw error;
      }
    };
    try {
      return await send(fetch, controller.signal);
    } catch (error) {
      const cause = failed ?? error;
      if (cause instanceof EndpointError) throw cause;
      if (cause instanceof TypeError && cause.message === 'terminated')
        throw lostConnection('the connection broke off in the answer', cause);
      throw failure?.(cause) ?? brokenAnswer(messageOf(cause), cause);
    }
  });

/** Makes one request whose answer is no stream, for a check. Throws `EndpointError`. */
export async function plainExchange(
  query: Made['query'],
  send: (fetch: typeof globalThis.fetch) => Promise<unknown>,
): Promise<void> {
  let failed: unknown;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    try {
      return await asked(input, init, query);
    } catch (error) {
      failed = error;
      throw error;
    }
  };
  try {
    await send(fetch);
  } catch (error) {
    throw failed ?? brokenAnswer(messageOf(error), error);
  }
}

async function asked(
  input: Parameters<typeof globalThis.fetch>[0],
  init: RequestInit | undefined,
  query: Made['query'],
): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const body = init?.body;
  const response = await fetch(url, {
    ...init,
    ...(typeof body === 'string' && { body: exactText(body) }),
  }).catch((error: unknown) => {
    const { cause } = error instanceof Error ? error : {};
    throw lostConnection(`Connection error: ${messageOf(cause ?? error)}`, cause ?? error);
  });
  if (!response.ok) throw answeredError(response.status, response.headers, await response.text());
  return response;
}

function streamOf(response: Response): Response {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('event-stream')) return response;
  throw brokenAnswer(`expected a stream, got ${type || 'no content type'}`);
}
