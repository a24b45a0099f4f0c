import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as LowServer } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toolboxes } from './open.ts';

/** A server as others write them: stateless streamable HTTP, by the SDK. */
function weatherServer(seen: IncomingMessage['headers'][]): Server {
  return createServer(async (request, response) => {
    seen.push(request.headers);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const server = new McpServer({ name: 'weather', version: '1' });
    server.registerTool(
      'forecast',
      {
        description: 'Tells the weather.',
        inputSchema: { city: z.string() },
        annotations: { openWorldHint: true },
      },
      async ({ city }) => ({
        content: [
          { type: 'text', text: `Rain in ${city}` },
          { type: 'image', mimeType: 'image/png', data: 'AAAA' },
          { type: 'resource_link', uri: 'https://example.com/map', name: 'map' },
        ],
      }),
    );
    server.registerTool('hang', { inputSchema: {} }, () => new Promise(() => {}));
    const transport = new StreamableHTTPServerTransport({});
    response.on('close', () => void server.close());
    await server.connect(transport as never);
    await transport.handleRequest(request, response);
  });
}

describe('a remote server', () => {
  const openToolbox = toolboxes();
  const seen: IncomingMessage['headers'][] = [];
  const http = weatherServer(seen);
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  });
  afterAll(() => void http.close());
  afterEach(() => {
    delete process.env.PROCTOR_TEST_TOKEN;
  });
  const token = ['$', '{PROCTOR_TEST_TOKEN}'].join('');
  const servers = (more = {}) => [{ name: 'weather', placement: 'remote', url, ...more }];

  it('is spoken to over streamable HTTP, with every kind of content kept', async () => {
    const { call, toolbox } = await openToolbox({ servers: servers() });
    const { content } = await call('forecast', { city: 'Bergen' });
    expect(content).toEqual([
      { type: 'text', text: 'Rain in Bergen' },
      { type: 'image', mimeType: 'image/png', data: 'AAAA' },
      { type: 'other', json: expect.stringContaining('"uri":"https://example.com/map"') },
    ]);
    const tool = toolbox.list().find(({ name }) => name === 'forecast');
    expect(tool).toMatchObject({ placement: 'remote', declared: { scope: 'external', replay: 'recorded' } });
  });

  it('is given headers from the variables of the process', async () => {
    process.env.PROCTOR_TEST_TOKEN = 'secret';
    await openToolbox({ servers: servers({ headers: { Authorization: `Bearer ${token}` } }) });
    expect(seen.at(-1)).toMatchObject({ authorization: 'Bearer secret' });
  });

  it('does not start where such a variable is missing', async () => {
    const opening = openToolbox({
      servers: servers({ headers: { Authorization: token } }),
    });
    await expect(opening).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('PROCTOR_TEST_TOKEN is not set'),
    });
  });

  it('is given up on when it does not answer in time', async () => {
    const { call } = await openToolbox({ servers: servers() });
    expect(await call('hang', {}, { timeoutMs: 100 })).toMatchObject({ errorClass: 'timeout' });
  });

  it('that nobody serves is named in one line', async () => {
    const opening = openToolbox({ servers: servers({ url: 'http://127.0.0.1:9/mcp' }) });
    await expect(opening).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(
        /^Tool server "weather" at http:\/\/127.0.0.1:9\/mcp could not be reached: .+$/,
      ),
    });
  });

  it('that goes away is the harness’s failure', async () => {
    const brief = weatherServer([]);
    await new Promise<void>((resolve) => brief.listen(0, '127.0.0.1', resolve));
    const { port } = brief.address() as AddressInfo;
    const { call } = await openToolbox({ servers: servers({ url: `http://127.0.0.1:${port}/` }) });
    brief.closeAllConnections();
    await new Promise((resolve) => brief.close(resolve));
    await expect(call('forecast', { city: 'Bergen' })).rejects.toMatchObject({ code: 'tool-server-failed' });
  });
});

/** A server whose lists are odd: a name that every object has, a schema that is none, and an empty cursor at the end. */
function oddServer(): Server {
  return createServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const server = new LowServer({ name: 'odd', version: '1' }, { capabilities: { tools: {} } });
    const schema = (pattern: string) => ({
      type: 'object' as const,
      properties: { a: { type: 'string', pattern } },
    });
    server.setRequestHandler(ListToolsRequestSchema, async () => ({
      tools: [
        { name: 'constructor', inputSchema: schema('.') },
        { name: 'broken', inputSchema: schema('(') },
        { name: 'toString', inputSchema: schema('.') },
      ],
      nextCursor: '',
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => ({
      content: [{ type: 'text', text: `called ${params.name}` }],
    }));
    const transport = new StreamableHTTPServerTransport({});
    response.on('close', () => void server.close());
    await server.connect(transport as never);
    await transport.handleRequest(request, response);
  });
}

describe('a server with odd lists', () => {
  const openToolbox = toolboxes();
  const http = oddServer();
  beforeAll(() => new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void http.close());

  it('has its good tools called, by whichever name, and the bad one named', async () => {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
    const { call, toolbox, heard } = await openToolbox({
      servers: [{ name: 'odd', placement: 'remote', url }],
    });
    const listed = toolbox.list().filter(({ server }) => server === 'odd');
    expect(listed.map(({ name, declared }) => [name, declared.effect])).toEqual([
      ['constructor', 'write'],
      ['toString', 'write'],
    ]);
    expect((await call('constructor', { a: 'x' })).text).toBe('called constructor');
    expect(heard).toMatchObject([
      { method: 'proctor/tool-refused', params: expect.stringMatching(/^the tool "broken" is left out/) },
    ]);
  });
});
