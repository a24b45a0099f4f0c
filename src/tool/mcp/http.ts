import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { within } from '../../sandbox/within.ts';
import { exactText } from '../../schema/exact-json.ts';
import { streamEnded, TooManyRequests } from './outcome.ts';

/** Milliseconds a server has to hear that we are leaving. */
const goodbyeMs = 2_000;
/** Milliseconds for the last event of a stream to be read after the stream has ended. */
const lastEventMs = 50;

/** What a client proves itself with at an authorization server. */
export interface ClientCredentials {
  client_id: string;
  client_secret: string;
  scope?: string | undefined;
  /** The authorization server that may be given them. */
  issuer: string;
}

export interface HttpOptions {
  headers?: Record<string, string>;
  oauth?: ClientCredentials;
  fetch?: FetchLike;
}

/**
 * A transport to a server over streamable HTTP, or in the older way: events one way, posts the other. `endSession` tells the
 * server that we are leaving, where there is a session to end, and never throws.
 */
export function httpTransport(
  kind: 'streamable-http' | 'sse',
  url: URL,
  { headers = {}, oauth, fetch = fetchAlone }: HttpOptions,
): { transport: Transport; endSession(): Promise<void> } {
  const answered = new AnsweredStreams();
  const exactFetch: FetchLike = async (to, init) => {
    const body = init?.body;
    if (typeof body !== 'string') return fetch(to, init);
    const send = () => fetch(to, { ...init, body: exactText(body) });
    // Only a call may have been carried out by the time that its connection closes.
    const again = (error: unknown) => {
      if (init?.signal?.aborted || isCall(body)) throw error;
      return send();
    };
    const response = await send().catch(again);
    if (response.status === 429 && isCall(body)) throw await TooManyRequests.of(response);
    return answered.watch(body, response);
  };
  const authProvider = oauth && credentialsProvider(oauth);
  const options = { requestInit: { headers }, fetch: exactFetch, ...(authProvider && { authProvider }) };
  if (kind === 'sse') return { transport: new SSEClientTransport(url, options), endSession: async () => {} };
  const transport = new StreamableHTTPClientTransport(url, options);
  const ended = () => transport.terminateSession().catch(() => {});
  answered.say = (message) => transport.onmessage?.(message);
  return { transport: transport as Transport, endSession: () => within(goodbyeMs, ended()) };
}

const isCall = (body: string) => /"method":"tools\/call"/.test(body);

/** Each request takes a new connection: one that is kept may close as it is used again, and nobody knows then what was done. */
const fetchAlone: FetchLike = (to, init) => {
  const headers = new Headers(init?.headers);
  headers.set('connection', 'close');
  return fetch(to, { ...init, headers });
};

function credentialsProvider({ client_id, client_secret, scope, issuer }: ClientCredentials) {
  return new ClientCredentialsProvider({
    clientId: client_id,
    clientSecret: client_secret,
    clientName: 'proctor',
    ...(scope !== undefined && { scope }),
    expectedIssuer: issuer,
  });
}

/** Says of a request whose stream of events has ended that it gets no answer; the SDK would wait for one. An answer that came stands. */
class AnsweredStreams {
  say: (message: JSONRPCMessage) => void = () => {};

  watch(body: string, response: Response): Response {
    const id = requestId(body);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (id === undefined || !isStream || response.body === null) return response;
    return new Response(ReadableStream.from(this.#through(response.body, id)), response);
  }

  async *#through(stream: AsyncIterable<Uint8Array>, id: string | number): AsyncGenerator<Uint8Array> {
    let isResumable = false;
    try {
      for await (const chunk of stream) {
        isResumable ||= /^id:/m.test(Buffer.from(chunk).toString('latin1'));
        yield chunk;
      }
    } finally {
      const message = 'the stream of its answer ended before the answer';
      const error = { code: -32000, message, data: streamEnded };
      if (!isResumable) setTimeout(() => this.say({ jsonrpc: '2.0', id, error }), lastEventMs);
    }
  }
}

/** The id of a request's JSON text; none of a notification, an answer, or what is no JSON-RPC. */
function requestId(body: string): string | number | undefined {
  if (!body.startsWith('{') || !/"jsonrpc"/.test(body)) return undefined;
  const { id, method } = JSON.parse(body) as { id?: string | number; method?: string };
  return method === undefined ? undefined : id;
}
