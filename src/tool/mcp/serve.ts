import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { markBigInteger, parseExactly } from '../../schema/exact-json.ts';
import type { JsonObject } from '../../schema/json.ts';
import { jsonSchemaValidator, self } from './self.ts';

/** What a server of this process does; a thrown error becomes a JSON-RPC error, its `data` kept. */
export interface Handlers {
  /** Asked for when they are to be listed. */
  tools(): Tool[];
  /** `id` is the one that the client gave its request, and may use again. */
  call(
    name: string,
    args: JsonObject,
    options: { signal: AbortSignal; meta: JsonObject; id: string | number },
  ): Promise<CallToolResult>;
  /** The client no longer waits for the answer to a request. */
  cancelled?(id: string | number): void;
  /** Milliseconds between two signs that a call is still at work, for a client that wants to know; none when absent. */
  progressMs?: number;
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
    tools: () => tools.map(({ call: _, ...tool }) => tool as Tool),
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

/**
 * Answers one request of an MCP client over streamable HTTP. No sessions are kept, so that clients may come and go. A client that asks for
 * progress is answered by a stream, so that it hears of it.
 */
export async function answerHttp(
  handlers: Handlers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = request.method === 'POST' ? await exactBody(request) : undefined;
  const { data: message } = incoming.safeParse(body);
  if (message?.method === 'notifications/cancelled' && message.params?.requestId !== undefined)
    handlers.cancelled?.(message.params.requestId);
  const takes = acceptedBy(request);
  const isSilent = message?.params?._meta?.progressToken === undefined;
  const enableJsonResponse = takes.json && (isSilent || !takes.stream);
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse });
  const server = serverOf(handlers);
  response.on('close', () => void server.close());
  await server.connect(transport as Transport);
  await transport.handleRequest(request, response, body);
}

const both = 'application/json, text/event-stream';

/** Which answers a client takes; one that takes either is let through, though the transport asks that it name both. */
function acceptedBy(request: IncomingMessage): { json: boolean; stream: boolean } {
  const { accept = '*/*' } = request.headers;
  const takes = {
    json: /\*\/\*|application\/(json|\*)/i.test(accept),
    stream: /\*\/\*|text\/(event-stream|\*)/i.test(accept),
  };
  if (takes.json || takes.stream) {
    request.headers.accept = both;
    request.rawHeaders.push('Accept', both);
  }
  return takes;
}

const id = z.union([z.string(), z.number()]);
/** A message, as far as its answer depends on it. */
const incoming = z.looseObject({
  method: z.string(),
  params: z
    .looseObject({
      requestId: id.optional(),
      _meta: z.looseObject({ progressToken: id.optional() }).optional(),
    })
    .optional(),
});

/** The JSON of a request with its big integers marked; what is none stays text, which the transport refuses. */
async function exactBody(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  try {
    return parseExactly(body, markBigInteger);
  } catch {
    return body;
  }
}

function serverOf({ tools, call, progressMs }: Handlers): Server {
  const server = new Server(self, { capabilities: { tools: {} }, jsonSchemaValidator });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: tools() }));
  server.setRequestHandler(
    CallToolRequestSchema,
    async ({ params }, { signal, requestId, sendNotification }) => {
      const { progressToken } = params._meta ?? {};
      let progress = 0;
      const tell = () =>
        void sendNotification({
          method: 'notifications/progress',
          params: {
            progressToken: progressToken ?? 0,
            progress: ++progress,
            message: 'The call is still at work.',
          },
        }).catch(() => {});
      const timer = progressMs !== undefined && progressToken !== undefined && setInterval(tell, progressMs);
      try {
        return await call(params.name, (params.arguments ?? {}) as JsonObject, {
          signal,
          meta: (params._meta ?? {}) as JsonObject,
          id: requestId,
        });
      } finally {
        if (timer) clearInterval(timer);
      }
    },
  );
  return server;
}
