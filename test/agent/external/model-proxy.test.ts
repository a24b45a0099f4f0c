import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { type ModelCall, openModelProxy } from '../../../src/agent/external/model-proxy.ts';
import { modelEndpoint } from '../../../src/agent/openai/model-endpoint.ts';

type Seen = {
  method?: string | undefined;
  url?: string | undefined;
  headers: Record<string, unknown>;
  body: string;
};

/** A proxy in front of an endpoint that answers with `answer`, and what the endpoint was asked. */
async function proxied(answer: {
  status?: number;
  headers?: Record<string, string>;
  body: string;
  slow?: boolean;
}) {
  const seen: Seen[] = [];
  const endpoint = createServer(async (request, response) => {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: await text(request) });
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    if (answer.slow) response.write(answer.body);
    else response.end(answer.body);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => endpoint.once('listening', listening));
  const { port } = endpoint.address() as AddressInfo;
  const heard: ModelCall[] = [];
  const baseUrl = `http://127.0.0.1:${port}/base?region=eu`;
  const proxy = await openModelProxy(modelEndpoint('a', { baseUrl, apiKey: 'real' }, {}), {
    token: 'token',
    idleMs: 3000,
    heard: (call) => void heard.push(call),
    reserve: async () => () => {},
    waiting: () => () => {},
    costOf: () => undefined,
  });
  onTestFinished(async () => {
    await proxy.close();
    endpoint.closeAllConnections();
    endpoint.close();
  });
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${proxy.url}${path}`, {
      method: 'POST',
      body: '{"model":"m"}',
      ...init,
      headers: { authorization: 'Bearer token', ...init.headers },
    });
  return { ask, seen, heard };
}

const answer = JSON.stringify({
  model: 'm',
  usage: { prompt_tokens: 3, completion_tokens: 1 },
  choices: [{ message: { content: 'x' } }],
});

it.each([
  ['/chat/completions?api-version=1', '/base/chat/completions?region=eu&api-version=1'],
  ['//chat/completions', '/base/chat/completions?region=eu'],
  ['/responses', '/base/responses?region=eu'],
  ['/responses/compact', '/base/responses/compact?region=eu'],
  ['/messages', '/base/messages?region=eu'],
  ['/embeddings', '/base/embeddings?region=eu'],
])('passes %s on, and counts its tokens', async (path, url) => {
  const { ask, seen, heard } = await proxied({ body: answer });
  expect(await (await ask(path)).text()).toBe(answer);
  expect(seen).toMatchObject([{ method: 'POST', url, headers: { authorization: 'Bearer real' } }]);
  expect(heard).toMatchObject([{ request: { model: 'm' }, use: { tokens: { input: 3, output: 1 } } }]);
});

it('passes questions for models on, and refuses what is no model call', async () => {
  const { ask, seen, heard } = await proxied({ body: '{"id":"gpt"}' });
  expect(await (await ask('/models/org/gpt', { method: 'GET', body: null })).json()).toEqual({ id: 'gpt' });
  expect((await ask('/files')).status).toBe(404);
  expect(seen.map(({ url }) => url)).toEqual(['/base/models/org/gpt?region=eu']);
  expect(heard).toEqual([]);
});

it.each([
  { authorization: 'bearer token' },
  { authorization: '', 'x-api-key': 'token' },
  { authorization: '', 'api-key': 'token' },
])('takes the key from %j, and gives the real one in its place', async (headers) => {
  const { ask, seen } = await proxied({ body: answer });
  expect((await ask('/messages', { headers })).status).toBe(200);
  expect(JSON.stringify(seen[0]?.headers)).not.toContain('token');
  expect(seen[0]?.headers['x-api-key']).toBe('x-api-key' in headers ? 'real' : undefined);
});

it('passes headers on both ways, and a compressed request in plain', async () => {
  const { ask, seen, heard } = await proxied({
    status: 429,
    headers: { 'retry-after': '7' },
    body: 'slow down, please',
  });
  const body = gzipSync('{"model":"m"}');
  const headers = { 'content-encoding': 'gzip', 'openai-beta': 'x=1' };
  const response = await ask('/chat/completions', { body, headers });
  expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
    429,
    '7',
    'slow down, please',
  ]);
  expect(seen).toMatchObject([{ body: '{"model":"m"}', headers: { 'openai-beta': 'x=1' } }]);
  expect(heard).toMatchObject([{ failure: { reason: '429 slow down, please', rateLimited: true } }]);
});

it.each([
  ['gzip', gzipSync('{"model":"m"}')],
  ['zstd', Buffer.from('KLUv/QRYaQAAeyJtb2RlbCI6Im0ifSeLfGQ=', 'base64')],
])('reads a request that is compressed by %s', async (coding, body) => {
  const { ask, heard } = await proxied({ body: answer });
  expect((await ask('/responses', { body, headers: { 'content-encoding': coding } })).status).toBe(200);
  expect(heard).toMatchObject([{ request: { model: 'm' } }]);
});

it('records a call whose answer the program did not wait for as that', async () => {
  const chunk = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x' } }] })}\n\n`;
  const { ask, heard } = await proxied({
    body: chunk,
    headers: { 'content-type': 'text/event-stream' },
    slow: true,
  });
  const left = new AbortController();
  const response = await ask('/chat/completions', { body: '{"stream":true}', signal: left.signal });
  await response.body?.getReader().read();
  left.abort();
  await expect
    .poll(() => heard)
    .toMatchObject([{ request: { stream: true }, ended: 'the program did not wait for the answer' }]);
});
