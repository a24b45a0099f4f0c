import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toolboxes } from './open.ts';

/** A server of the transport before streamable HTTP: events come by one GET, messages go by POST. */
function tideServer(keys: unknown[]): Server {
  const open = new Map<string, SSEServerTransport>();
  async function greet(response: ServerResponse) {
    const server = new McpServer({ name: 'tide', version: '1' });
    server.registerTool('tide', { inputSchema: { port: z.string() } }, async ({ port }) => {
      return { content: [{ type: 'text', text: `High at ${port}` }] };
    });
    const transport = new SSEServerTransport('/messages', response);
    open.set(transport.sessionId, transport);
    await server.connect(transport);
  }
  return createServer(async (request: IncomingMessage, response) => {
    keys.push(request.headers['x-key']);
    if (request.method === 'GET') return greet(response);
    const session = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId') ?? '';
    await open.get(session)?.handlePostMessage(request, response);
  });
}

describe('a remote server of the transport sse', () => {
  const openToolbox = toolboxes();
  const keys: unknown[] = [];
  const http = tideServer(keys);
  beforeAll(() => new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    http.closeAllConnections();
    http.close();
  });
  const servers = () => {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/sse`;
    return [{ name: 'tide', placement: 'remote', transport: 'sse', url, headers: { 'x-key': 'k1' } }];
  };

  it('answers calls, and every request bears the headers', async () => {
    const { call } = await openToolbox({ servers: servers() });
    expect(await call('tide', { port: 'Bergen' })).toMatchObject({
      isError: false,
      content: [{ type: 'text', text: 'High at Bergen' }],
    });
    expect(keys.length).toBeGreaterThan(2);
    expect(new Set(keys)).toEqual(new Set(['k1']));
  });

  it('that hangs up is the harness’s failure', async () => {
    const { call } = await openToolbox({ servers: servers() });
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await expect(call('tide', { port: 'Bergen' }, { timeoutMs: 5000 })).rejects.toMatchObject({
      code: 'tool-server-failed',
    });
  });
});
