import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Content } from '../schema/content.ts';
import type { CalledTool } from '../schema/decision.ts';
import { exactJson, hasBigInteger } from '../schema/exact-json.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ToolDescription } from '../schema/view.ts';
import { servedBlock, servedTool } from './mcp/served.ts';
import { answerHttp, type Handlers } from './mcp.ts';

export interface ServedTools {
  /** What a request has to bear as its `Authorization: Bearer`. */
  token: string;
  tools(): readonly ToolDescription[];
  /** `signal` is aborted when nobody waits for the answer any more. */
  call(called: CalledTool, signal: AbortSignal): Promise<{ content: Content[]; isError: boolean }>;
}

/** Milliseconds between two signs that a call is still at work; clients give up after a minute without any. */
const defaultProgressMs = 5_000;

/** Serves tools over MCP's streamable HTTP on the loopback, to whoever has the token. */
export async function serveHttp(
  served: ServedTools,
  { progressMs = defaultProgressMs } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const waiting = openWaiting();
  const handlers: Handlers = {
    progressMs,
    cancelled: waiting.cancelled,
    tools: () => served.tools().map(servedTool),
    async call(name, args, { signal, id }) {
      const call = waiting.begin(id);
      const ended = AbortSignal.any([signal, call.cancelled]);
      const { content, isError } = await served.call(calledTool(name, args), ended).finally(call.end);
      return { content: content.map(servedBlock), ...(isError && { isError }) };
    },
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!bears(request, served.token)) return refuse(response, 401, 'the token is missing or wrong');
    if (request.url !== '/mcp') return refuse(response, 404, 'the tools are at /mcp');
    if (request.method === 'GET') return refuse(response, 405, 'nothing is streamed here');
    await answerHttp(handlers, request, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Calls under way, by the id of their request; a client may say that it waits no longer. Where several clients use an id, it can't be told whose. */
function openWaiting() {
  const underWay = new Map<string | number, AbortController[]>();
  return {
    begin(id: string | number) {
      const controller = new AbortController();
      underWay.set(id, [...(underWay.get(id) ?? []), controller]);
      const end = () => {
        const others = underWay.get(id)?.filter((one) => one !== controller) ?? [];
        if (others.length > 0) underWay.set(id, others);
        else underWay.delete(id);
      };
      return { cancelled: controller.signal, end };
    },
    cancelled(id: string | number): void {
      const [only, ...others] = underWay.get(id) ?? [];
      if (others.length === 0) only?.abort();
    },
  };
}

/** Big integers are marked in what was read. */
function calledTool(tool: string, read: JsonObject): CalledTool {
  const exact = exactJson(read);
  if (!hasBigInteger(exact)) return { tool, arguments: read };
  return { tool, arguments: JSON.parse(exact), exact };
}

function bears({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: message }));
}
