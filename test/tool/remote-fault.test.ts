import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { toolboxes } from './open.ts';
import { answer, type Handle, rawServer, refuse } from './raw-server.ts';

const openToolbox = toolboxes();

async function open(handle: Handle, more = {}) {
  const url = await rawServer(handle);
  return openToolbox({ servers: [{ name: 'raw', placement: 'remote', url, ...more }] });
}

/** A server that answers calls so. */
const onCall =
  (handle: Handle): Handle =>
  async (request, response) =>
    request.method === 'tools/call' ? ((await handle(request, response)) ?? true) : undefined;

const event = (response: ServerResponse, message: object) =>
  response.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
const stream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('a remote server that refuses', () => {
  it.each([
    [
      401,
      '{"error":"invalid_token"}',
      /HTTP 401 Unauthorized \(authorisation .+\): \{"error":"invalid_token"\}$/,
    ],
    [401, '', /HTTP 401 Unauthorized \(authorisation [^)]+\)$/],
    [403, 'your plan has no MCP', /HTTP 403 Forbidden .+: your plan has no MCP$/],
    [404, '', /HTTP 404 Not Found/],
    [500, `<html><body>${'x'.repeat(3000)}</body></html>`, /HTTP 500 Internal Server Error: x{200}…$/],
    [503, 'Service Unavailable', /HTTP 503 Service Unavailable$/],
  ])('a connection by HTTP %i is said to, with what it says: %s', async (status, text, message) => {
    const opening = open((_, response) => refuse(response, status, text) ?? true);
    await expect(opening).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(message),
    });
  });

  it.each([401, 403, 500])('a call by HTTP %i is the harness’s failure, which names it', async (status) => {
    const { call } = await open(onCall((_, response) => refuse(response, status)));
    await expect(call('x')).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringContaining(`Tool server "raw" failed: it answered HTTP ${status}`),
    });
  });
});

describe('a remote server that has too many calls', () => {
  /** Refuses so many calls; `calls` counts all. */
  const openBusy = async (times: number, headers: Record<string, string>) => {
    const calls: unknown[] = [];
    const handle: Handle = ({ method, params }, response) => {
      if (method !== 'tools/call' || calls.push(params?.name) > times) return undefined;
      return response.writeHead(429, headers).end('slow down');
    };
    return { ...(await open(handle)), calls };
  };

  it('is called once more when it says, which is recorded and no time of the agent', async () => {
    const { call, heard, calls } = await openBusy(1, { 'retry-after': '1' });
    const waits: number[] = [];
    const waiting = () => {
      const begun = performance.now();
      return () => void waits.push(performance.now() - begun);
    };
    expect((await call('x', {}, { waiting })).text).toBe('called x');
    expect(calls).toHaveLength(2);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(990);
    expect(heard).toMatchObject([{ method: 'proctor/call-made-again', params: { waitMs: 1_000 } }]);
  });

  it('again fails the trial', async () => {
    const { call, calls } = await openBusy(9, { 'retry-after': '0' });
    await expect(call('x')).rejects.toThrow(
      'it answered HTTP 429 Too Many Requests (too many requests): slow down',
    );
    expect(calls).toHaveLength(2);
  });

  it('for longer than the call has is not called again', async () => {
    const until = new Date(Date.now() + 60_000).toUTCString();
    for (const after of ['60', until]) {
      const { call, calls } = await openBusy(1, { 'retry-after': after });
      await expect(call('x')).rejects.toThrow(/it asks to wait (60|5[89]\.\d+) s, longer than the call has$/);
      expect(calls).toHaveLength(1);
    }
  });

  it('is not called again once the call was stopped', async () => {
    const { call, calls } = await openBusy(1, { 'retry-after': '5' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    await expect(call('x', {}, { signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' });
    expect(calls).toHaveLength(1);
  });
});

it('a server that closes its connections without a word is called over new ones, each call once', async () => {
  const calls: unknown[] = [];
  const { call } = await open(({ method, params }, response) => {
    if (method === 'tools/call') calls.push(params?.name);
    const { socket } = response;
    response.on('finish', () => setTimeout(() => socket?.destroy(), 5));
    return undefined;
  });
  for (let i = 0; i < 40; i++) {
    expect((await call('x')).text).toBe('called x');
    await sleep(i % 8);
  }
  expect(calls).toHaveLength(40);
});

describe('a remote server whose session ends', () => {
  it.each([
    [404, 'Session not found'],
    [400, 'Bad Request: No valid session ID provided'],
  ])('by HTTP %i is given the call anew in another one, which is recorded', async (status, text) => {
    const sessions: unknown[] = [];
    const { call, heard } = await open(
      onCall(({ id, session }, response) => {
        sessions.push(session);
        if (session === 's1') return refuse(response, status, text);
        return answer(response, id, { content: [{ type: 'text', text: `in ${session}` }] });
      }),
    );
    expect((await call('x')).text).toBe('in s2');
    expect((await call('x')).text).toBe('in s2');
    expect(sessions).toEqual(['s1', 's2', 's2']);
    expect(heard).toMatchObject([
      { method: 'proctor/session-renewed', params: expect.stringContaining(text) },
    ]);
  });

  it('with every call fails, and says so', async () => {
    const { call } = await open(onCall((_, response) => refuse(response, 404, 'Session not found')));
    await expect(call('x')).rejects.toThrow(/HTTP 404 Not Found.+Session not found$/);
  });
});

describe('a remote server that answers a call', () => {
  it('by a stream without the answer fails at once', async () => {
    const { call } = await open(onCall((_, response) => stream(response).end()));
    await expect(call('x')).rejects.toThrow('the stream of its answer ended before the answer');
  });

  it('by a stream that is cut fails at once', async () => {
    const { call } = await open(
      onCall(async (_, response) => {
        stream(response).write('event: message\ndata: {"jsonrpc":');
        await sleep(20);
        response.destroy();
      }),
    );
    await expect(call('x')).rejects.toThrow('the stream of its answer ended before the answer');
  });

  it('by a stream is heard', async () => {
    const { call, heard } = await open(
      onCall(({ id }, response) => {
        event(stream(response), { method: 'notifications/message', params: { data: 'a' } });
        event(response, { id, result: { content: [{ type: 'text', text: 'streamed' }] } });
        response.end();
      }),
    );
    expect((await call('x')).text).toBe('streamed');
    await sleep(100);
    expect(heard).toMatchObject([{ method: 'notifications/message' }]);
  });

  it('by what is no JSON, or no JSON-RPC, makes a tool error', async () => {
    const texts = ['{oops}', '{"jsonrpc":"2.0","result":null}'];
    const { call } = await open(
      onCall((_, response) => refuse(response, 200, texts.shift(), 'application/json')),
    );
    expect(await call('x')).toMatchObject({ errorClass: 'tool', text: expect.stringContaining('no JSON (') });
    expect((await call('x')).text).toContain('no JSON-RPC message');
  });

  it('by a page is said to', async () => {
    const { call } = await open(onCall((_, response) => refuse(response, 200, '<html>', 'text/html')));
    await expect(call('x')).rejects.toThrow('Unexpected content type: text/html');
  });

  it('and floods is left', async () => {
    const { call } = await open(
      onCall((_, response) => {
        stream(response);
        for (let i = 0; i <= 10_000; i++) event(response, { method: 'notifications/message', params: { i } });
      }),
    );
    await expect(call('x')).rejects.toThrow(/failed: it sent more than 10000 messages unasked$/);
  }, 20_000);

  it('too late has its answer recorded as one to a call that was given up', async () => {
    const { call, heard } = await open(
      onCall(async ({ id }, response) => {
        await sleep(300);
        answer(response, id, { content: [{ type: 'text', text: 'at last' }] });
      }),
    );
    expect((await call('x', {}, { timeoutMs: 100 })).errorClass).toBe('timeout');
    await expect.poll(() => heard.map(({ method }) => method)).toEqual(['proctor/late-answer']);
    expect(heard).toMatchObject([{ params: expect.stringContaining('at last') }]);
  });
});

describe('a call that tells its progress', () => {
  /** Tells progress every so often until it is done. */
  const slow = (times: number) =>
    onCall(async ({ id, params }, response) => {
      stream(response);
      const { progressToken } = params?._meta ?? {};
      for (let progress = 1; progress <= times && !response.destroyed; progress++) {
        await sleep(60);
        event(response, { method: 'notifications/progress', params: { progressToken, progress } });
      }
      event(response, { id, result: { content: [{ type: 'text', text: 'done' }] } });
      response.end();
    });

  it('has its time anew with each', async () => {
    const { call } = await open(slow(8));
    expect((await call('x', {}, { timeoutMs: 150 })).text).toBe('done');
  });

  it('is given up in the end all the same', async () => {
    const { call } = await open(slow(1000));
    const begun = performance.now();
    expect((await call('x', {}, { timeoutMs: 100 })).errorClass).toBe('timeout');
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

it('a request that may be made again is, where its connection closes; a call is not', async () => {
  const dropped = new Set<string>();
  const drop: Handle = ({ method = '' }, response) => {
    if (dropped.has(method)) return undefined;
    dropped.add(method);
    return response.destroy();
  };
  const { toolbox, call } = await open(drop);
  expect(toolbox.list().map(({ name }) => name)).toContain('x');
  await expect(call('x')).rejects.toThrow('other side closed');
  expect((await call('x')).text).toBe('called x');
});

describe('a remote server that is slow to start', () => {
  const slow: Handle = async ({ method }) => void (method === 'initialize' && (await sleep(300)));

  it('has the time that its environment gives it', async () => {
    const opening = open(slow, { start_timeout_seconds: 0.1 });
    await expect(opening).rejects.toThrow(/could not be reached: no answer within 0.1 s$/);
    const { call } = await open(slow, { start_timeout_seconds: 5 });
    expect((await call('x')).text).toBe('called x');
  });

  it('to list its tools is said to', async () => {
    const silent: Handle = ({ method }) => (method === 'tools/list' ? true : undefined);
    const opening = open(silent, { start_timeout_seconds: 0.2 });
    await expect(opening).rejects.toThrow(/did not list its tools: no answer within 0.2 s$/);
  });
});
