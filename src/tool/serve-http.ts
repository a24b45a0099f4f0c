import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Content } from '../schema/content.ts';
import type { CalledTool } from '../schema/decision.ts';
import { exactJson, hasBigInteger } from '../schema/exact-json.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ToolDescription } from '../schema/view.ts';
import { answerHttp, type CallToolResult, type Handlers, type ServedTool } from './mcp.ts';

export interface ServedTools {
  /** What a request has to bear as its `Authorization: Bearer`. */
  token: string;
  tools(): readonly ToolDescription[];
  call(called: CalledTool, signal: AbortSignal): Promise<{ content: Content[]; isError: boolean }>;
}

/** Serves tools over MCP's streamable HTTP on the loopback, to whoever has the token. */
export async function serveHttp(served: ServedTools): Promise<{ url: string; close(): Promise<void> }> {
  const handlers: Handlers = {
    tools: () => served.tools().map((tool) => ({ ...tool }) as ServedTool),
    async call(name, args, { signal }) {
      const { content, isError } = await served.call(calledTool(name, args), signal);
      return { content: content.map(blockOf), ...(isError && { isError }) };
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

/** Big integers are marked in what was read. */
function calledTool(tool: string, read: JsonObject): CalledTool {
  const exact = exactJson(read);
  if (!hasBigInteger(exact)) return { tool, arguments: read };
  return { tool, arguments: JSON.parse(exact), exact };
}

function blockOf(block: Content): CallToolResult['content'][number] {
  return block.type === 'other' ? JSON.parse(block.json) : block;
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
