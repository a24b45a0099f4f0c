import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface RawRequest {
  id?: number;
  method?: string;
  params?: { name?: string; cursor?: string; _meta?: { progressToken?: number } };
  /** The session that the client is in. */
  session: string | undefined;
  headers: IncomingMessage['headers'];
}

export type Handle = (request: RawRequest, response: ServerResponse) => unknown;

const results: Record<string, (request: RawRequest) => object> = {
  'tools/list': () => ({ tools: [{ name: 'x', inputSchema: { type: 'object' } }] }),
  'tools/call': ({ params }) => ({ content: [{ type: 'text', text: `called ${params?.name}` }] }),
};

/** Answers a request with a result. */
export function answer(response: ServerResponse, id: number | undefined, result: object, headers = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

/** Refuses a request. */
export function refuse(response: ServerResponse, status: number, text = '', type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}

/**
 * An MCP server over HTTP, written by hand so that it can do wrong: `handle` answers a request, or returns undefined and leaves it to one that
 * is as it should be. Sessions are named s1, s2 and so on. Gives its URL; closed when the test has finished.
 */
export async function rawServer(handle: Handle): Promise<string> {
  let sessions = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method !== 'POST') return refuse(response, 405);
    const session = request.headers['mcp-session-id'] as string | undefined;
    const message: RawRequest = { ...JSON.parse(body), session, headers: request.headers };
    if ((await handle(message, response)) !== undefined) return;
    const { id, method = '' } = message;
    if (id === undefined) return refuse(response, 202);
    if (method !== 'initialize') return answer(response, id, results[method]?.(message) ?? {});
    const serverInfo = { name: 'raw', version: '1' };
    const result = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo };
    answer(response, id, result, { 'mcp-session-id': `s${++sessions}` });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}
