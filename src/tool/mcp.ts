import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Client, type ClientOptions } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  CallToolResultSchema,
  ErrorCode,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  ListToolsRequestSchema,
  McpError,
  ProgressNotificationSchema,
  ResultSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { messageOf, ProctorError } from '../errors.ts';
import { within } from '../sandbox/within.ts';
import { exactText, markBigInteger, parseExactly } from '../schema/exact-json.ts';
import type { JsonObject } from '../schema/json.ts';
import { proctorVersion } from '../version.ts';

export type { CallToolResult, JSONRPCMessage, Tool, Transport };

const self = { name: 'proctor', version: proctorVersion };
/** Outputs are recorded as they are, so their schemas need no validators; the SDK would make some for every connection. */
const jsonSchemaValidator: NonNullable<ClientOptions['jsonSchemaValidator']> = {
  getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
};
const maxTimerMs = 2 ** 31 - 1;
const maxPages = 100;

/** What a call came to, before anyone has judged whose fault it is. */
export type CallOutcome<R = CallToolResult> =
  | { kind: 'result'; result: R }
  /** A JSON-RPC error of the server. */
  | { kind: 'error'; message: string; data?: unknown }
  /** Something that is no result of a tool call. */
  | { kind: 'malformed'; message: string }
  /** No answer within the time; the server was told to cancel. */
  | { kind: 'timeout' }
  | { kind: 'aborted' }
  /** The connection failed or ended. */
  | { kind: 'lost'; message: string };

/** Its methods work without it, so that a wrapper may spread a connection and replace some of them. */
export interface Connection {
  /** Every tool, over all pages. */
  tools(): Promise<Tool[]>;
  /** Whether the server said that its list may change. */
  readonly listChanges: boolean;
  /** `meta` travels beside the arguments; for servers of this process only. Never throws. */
  call(name: string, args: JsonObject, options: ConnectionCall): Promise<CallOutcome>;
  /** Whether the server said that it has some. */
  has(part: 'resources' | 'prompts'): boolean;
  /** Any other request. Never throws. */
  ask(method: string, params: JsonObject, options: ConnectionCall): Promise<CallOutcome<JsonObject>>;
  close(): Promise<void>;
}

export interface ConnectionCall {
  signal: AbortSignal;
  timeoutMs: number;
  meta?: JsonObject;
}

export interface ConnectOptions {
  signal: AbortSignal;
  /** Milliseconds for the handshake, and for each page of a list. */
  timeoutMs: number;
  /** What the server is told that it may ask for. */
  capabilities: JsonObject;
  /** The answer to a request of the server; it is refused where there is none. */
  answer(method: string, params: JsonObject): JsonObject | undefined;
  /** Called for every notification and every request, `proctor/answered` for what a request was answered, `proctor/instructions` for what a server says of itself. */
  onMessage(method: string, params: unknown): void;
}

/** Does the handshake over a transport. Throws what the transport throws, or an error that names the time-out. */
export async function connect(transport: Transport, options: ConnectOptions): Promise<Connection> {
  const client = new Client(self, { capabilities: options.capabilities, jsonSchemaValidator });
  listen(client, options);
  const request = requester(client);
  const { signal, timeoutMs: timeout } = options;
  await client.connect(transport, { signal, timeout });
  const instructions = client.getInstructions();
  if (instructions) options.onMessage('proctor/instructions', instructions);
  const offered = client.getServerCapabilities() ?? {};
  let calls = 0;
  return {
    tools: () => listAll(client, { timeout }),
    listChanges: offered.tools?.listChanged === true,
    has: (part) => offered[part] !== undefined,
    call(name, args, { meta, ...limits }) {
      const params = { name, arguments: args, _meta: meta ?? { progressToken: ++calls } };
      return request('tools/call', params, CallToolResultSchema, limits);
    },
    ask: (method, params, limits) => request(method, params, ResultSchema, limits),
    close: () => client.close(),
  };
}

/** Passes on what the server says by itself, and answers what it asks. */
function listen(client: Client, { answer, onMessage }: ConnectOptions): void {
  // The SDK drops progress that arrives together with the answer.
  client.setNotificationHandler(ProgressNotificationSchema, ({ method, params }) => {
    const { progressToken: _, ...progress } = params;
    onMessage(method, progress);
  });
  client.fallbackNotificationHandler = async ({ method, params }) => onMessage(method, params);
  client.fallbackRequestHandler = async ({ method, params }) => {
    onMessage(method, params);
    const given = answer(method, (params ?? {}) as JsonObject);
    if (given === undefined) throw new McpError(ErrorCode.MethodNotFound, `Proctor does not offer ${method}`);
    onMessage('proctor/answered', { method, answer: given });
    return given;
  };
}

/** Makes requests of a client, and says what became of them. */
function requester(client: Client) {
  let closed = false;
  client.onclose = () => {
    closed = true;
  };
  return async <R>(
    method: string,
    params: JsonObject,
    schema: typeof CallToolResultSchema | typeof ResultSchema,
    { signal, timeoutMs }: Pick<ConnectionCall, 'signal' | 'timeoutMs'>,
  ): Promise<CallOutcome<R>> => {
    if (signal.aborted) return { kind: 'aborted' };
    if (closed) return { kind: 'lost', message: 'the connection is closed' };
    // The SDK keeps its listener on a signal, so each request has a signal of its own.
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const options = { signal: controller.signal, timeout: Math.min(timeoutMs, maxTimerMs) };
      return { kind: 'result', result: (await client.request({ method, params }, schema, options)) as R };
    } catch (error) {
      return signal.aborted ? { kind: 'aborted' } : failedOutcome(error, closed);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
}

async function listAll(client: Client, options: { timeout: number }): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, options);
    tools.push(...listed.tools);
    cursor = listed.nextCursor;
    // Some servers end the list with an empty cursor.
    if (!cursor) return tools;
  }
  throw new Error(`its list of tools has more than ${maxPages} pages`);
}

function failedOutcome(error: unknown, closed: boolean): Exclude<CallOutcome, { kind: 'result' }> {
  const message = messageOf(error).replace(/^MCP error -?\d+: /, '');
  if (!(error instanceof McpError)) {
    const kind = error instanceof Error && 'issues' in error ? 'malformed' : 'lost';
    return { kind, message: causeOf(error) ?? message };
  }
  if (closed) return { kind: 'lost', message };
  const { timeout } = (error.data ?? {}) as { timeout?: number };
  if (error.code === ErrorCode.RequestTimeout && timeout !== undefined) return { kind: 'timeout' };
  return { kind: 'error', message, ...(error.data !== undefined && { data: error.data }) };
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof Error
    ? `${error.message}: ${messageOf(error.cause) || (error.cause as { code?: string }).code}`
    : undefined;
}

/** What a server of this process does; a thrown error becomes a JSON-RPC error, its `data` kept. */
export interface Handlers {
  tools: Tool[];
  call(
    name: string,
    args: JsonObject,
    options: { signal: AbortSignal; meta: JsonObject },
  ): Promise<CallToolResult>;
}

/** A tool that is served by this process. A `ProctorError` it throws is thrown by the toolbox as well. */
export interface InProcessTool {
  name: string;
  description: string;
  inputSchema: JsonObject;
  annotations?: Tool['annotations'];
  call(args: JsonObject, options: { signal: AbortSignal; timeoutMs: number }): Promise<CallToolResult>;
}

/** Serves tools in this process; returns the client's end of the link. */
export async function serveTools(tools: readonly InProcessTool[]): Promise<Transport> {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  const server = serverOf({
    tools: tools.map(({ call: _, ...tool }) => tool as Tool),
    async call(name, args, { signal, meta }) {
      const tool = byName.get(name);
      if (tool === undefined) throw new Error(`no tool "${name}"`);
      const { timeoutMs } = meta.proctor as { timeoutMs: number };
      try {
        return await tool.call(args, { signal, timeoutMs });
      } catch (error) {
        if (error instanceof ProctorError) throw Object.assign(error, { data: { proctor: error.code } });
        throw error;
      }
    },
  });
  await server.connect(serverEnd);
  return clientEnd;
}

/** Answers one request of an MCP client over streamable HTTP. No sessions are kept, so that clients may come and go. */
export async function answerHttp(
  handlers: Handlers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = serverOf(handlers);
  response.on('close', () => void server.close());
  await server.connect(transport as Transport);
  await transport.handleRequest(
    request,
    response,
    request.method === 'POST' ? await exactBody(request) : undefined,
  );
}

/** The JSON of a request with its big integers marked; what is none stays text, which the transport refuses. */
async function exactBody(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  try {
    return parseExactly(body, markBigInteger);
  } catch {
    return body;
  }
}

function serverOf({ tools, call }: Handlers): Server {
  const server = new Server(self, { capabilities: { tools: {} }, jsonSchemaValidator });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
    call(params.name, (params.arguments ?? {}) as JsonObject, {
      signal,
      meta: (params._meta ?? {}) as JsonObject,
    }),
  );
  return server;
}

/** Milliseconds a server has to hear that we are leaving. */
const goodbyeMs = 2_000;

/**
 * A transport to a server over streamable HTTP, or in the older way: events one way, posts the other. `endSession` tells the
 * server that we are leaving, where there is a session to end, and never throws.
 */
export function httpTransport(
  kind: 'streamable-http' | 'sse',
  url: URL,
  { headers = {}, fetch = globalThis.fetch }: { headers?: Record<string, string>; fetch?: FetchLike },
): { transport: Transport; endSession(): Promise<void> } {
  const exactFetch: FetchLike = (to, init) =>
    fetch(to, typeof init?.body === 'string' ? { ...init, body: exactText(init.body) } : init);
  const options = { requestInit: { headers }, fetch: exactFetch };
  if (kind === 'sse') return { transport: new SSEClientTransport(url, options), endSession: async () => {} };
  const transport = new StreamableHTTPClientTransport(url, options);
  const ended = () => transport.terminateSession().catch(() => {});
  return { transport: transport as Transport, endSession: () => within(goodbyeMs, ended()) };
}

/** One JSON-RPC message from its JSON text. Throws where it is none. */
export function parseMessage(text: string): JSONRPCMessage {
  return JSONRPCMessageSchema.parse(JSON.parse(text));
}
