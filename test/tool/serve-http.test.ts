import { once } from 'node:events';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ServedTools, serveHttp } from '../../src/tool/serve-http.ts';

const tool = { name: 'wait', description: '', inputSchema: { type: 'object' } };

/** The SDK's client of tools that are served; calls get what `call` gives. */
async function connected(call: ServedTools['call'], tools = [tool]) {
  const served = await serveHttp({ token: 't', tools: () => tools, call }, { progressMs: 100 });
  const client = new Client({ name: 'program', version: '1' });
  const requestInit = { headers: { authorization: 'Bearer t' } };
  await client.connect(new StreamableHTTPClientTransport(new URL(served.url), { requestInit }) as never);
  onTestFinished(async () => {
    await client.close();
    await served.close();
  });
  return client;
}

const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }], isError: false });

describe('tools that are served to a program', () => {
  it('tell their progress to one that asks, for which calls may then take longer than it has patience', async () => {
    const client = await connected(async () => {
      await sleep(1_500);
      return text('done');
    });
    const progress: number[] = [];
    const patience = { timeout: 1_000, resetTimeoutOnProgress: true };
    const result = await client.callTool({ name: 'wait' }, undefined, {
      ...patience,
      onprogress: (told) => progress.push(told.progress),
    });
    expect(result.content).toEqual(text('done').content);
    expect(progress.length).toBeGreaterThan(3);
    expect(progress).toEqual(progress.map((_, index) => index + 1));
    await expect(client.callTool({ name: 'wait' }, undefined, patience)).rejects.toThrow('timed out');
  });

  it.each([
    ['anything', '*/*', 200, 'application/json'],
    ['JSON alone', 'application/json', 200, 'application/json'],
    ['a stream alone', 'text/event-stream', 200, 'text/event-stream'],
    ['pages', 'text/html', 406, 'application/json'],
  ])('answer a client that takes %s', async (_, accept, status, type) => {
    const served = await serveHttp({ token: 't', tools: () => [tool], call: async () => text('') });
    onTestFinished(() => served.close());
    const response = await fetch(served.url, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json', accept },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
    expect(await response.text()).toContain(status === 200 ? '"name":"wait"' : 'Not Acceptable');
  });

  it('answer a client that does not say what it takes', async () => {
    const served = await serveHttp({ token: 't', tools: () => [tool], call: async () => text('') });
    onTestFinished(() => served.close());
    const asking = request(served.url, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    });
    asking.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
    const [response] = await once(asking, 'response');
    expect(await json(response)).toMatchObject({ result: { tools: [{ name: 'wait' }] } });
  });

  it('hear of a caller that waits no longer', async () => {
    const signals: AbortSignal[] = [];
    const client = await connected(async (_, signal) => {
      signals.push(signal);
      if (signals.length === 1) await sleep(5_000, undefined, { signal }).catch(() => {});
      return text('');
    });
    await expect(client.callTool({ name: 'wait' }, undefined, { timeout: 300 })).rejects.toThrow('timed out');
    await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([true]);
    await client.callTool({ name: 'wait' });
    expect(signals).toHaveLength(2);
  });

  it('give content of a kind that clients do not know as text, and arguments of any kind as they take them', async () => {
    const video = JSON.stringify({ type: 'video', url: 'x' });
    const inputSchema = { type: 'object', properties: { any: true, none: false }, required: ['any', 7] };
    const client = await connected(
      async () => ({ content: [{ type: 'other', json: video }], isError: false }),
      [{ ...tool, inputSchema }],
    );
    const { tools } = await client.listTools();
    expect(tools[0]?.inputSchema).toEqual({
      type: 'object',
      properties: { any: {}, none: { not: {} } },
      required: ['any'],
    });
    expect((await client.callTool({ name: 'wait' })).content).toEqual([{ type: 'text', text: video }]);
  });
});
