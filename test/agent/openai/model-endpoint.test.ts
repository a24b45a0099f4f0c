import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { modelEndpoint } from '../../../src/agent/openai/model-endpoint.ts';
import { openaiAgent } from '../../../src/agent/openai/openai.ts';
import { message } from '../../model-server/reply.ts';
import { inOrder } from '../../model-server/server.ts';
import { brief, decide, firstView } from '../view.ts';
import { served } from './agent.ts';

it.each([
  ['a key with a curly quote', { apiKey: 'abc’' }, /the key \(OPENAI_API_KEY\) has U\+2019 as character 4/],
  ['a key with a line break', { apiKey: 'abc\n' }, /has U\+000A as character 4/],
  ['a key in quotes', { apiKey: '"abc"' }, /stands in quotes/],
  ['a header that can’t be sent', { apiKey: 'k', headers: { team: 'ü' } }, /the header team has U\+00FC/],
  [
    'an address without a protocol',
    { baseUrl: '127.0.0.1:8000/v1' },
    /OPENAI_BASE_URL.*no URL; expected http/,
  ],
  ['a host for a protocol', { baseUrl: 'localhost:8000/v1' }, /begins with localhost:; expected http/],
  ['an address in quotes', { baseUrl: '"http://x/v1"' }, /no URL.*without quotes/],
])('says in one line what is wrong with %s', (_, options, expected) => {
  const make = () => openaiAgent({ model: 'm', ...options });
  expect(make).toThrow(
    expect.objectContaining({ code: 'bad-flag', message: expect.stringMatching(expected) }),
  );
  expect(make).not.toThrow(/\n|abc/);
});

it('asks Azure with its query and its own header for the key', async () => {
  const seen: { url?: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(({ url, headers }, response) => {
    seen.push({ url, headers });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/openai/deployments/d?api-version=2024-10-21`;
  const session = await openaiAgent({ model: 'm', baseUrl, apiKey: 'k', headers: { Team: 'a' } }).open(brief);
  await decide(session, firstView);
  expect(seen[0]).toMatchObject({
    url: '/openai/deployments/d/chat/completions?api-version=2024-10-21',
    headers: { authorization: 'Bearer k', team: 'a' },
  });
  const azure = modelEndpoint('a', { baseUrl: 'https://x.openai.azure.com/openai/v1/?a=b', apiKey: 'k' }, {});
  expect(azure).toEqual({
    baseUrl: 'https://x.openai.azure.com/openai/v1',
    query: { a: 'b' },
    apiKey: 'k',
    headers: { 'api-key': 'k' },
  });
});

it('sends any parameter, those of extra_body too, and leaves out what is null', async () => {
  const parameters = { top_k: 5, stream_options: null, extra_body: { provider: { order: ['x'] } } };
  const { session, server } = await served(inOrder(message({ text: 'x' })), { parameters });
  await decide(session, firstView);
  expect(server.requests[0]).toMatchObject({ top_k: 5, provider: { order: ['x'] } });
  expect(server.requests[0]).not.toHaveProperty('stream_options');
  expect(server.requests[0]).not.toHaveProperty('extra_body');
});
