import { describe, expect, it } from 'vitest';
import { openaiAgent } from '../../../src/agent/openai/openai.ts';
import { localRateGate } from '../../../src/queue/budget/local-rate-gate.ts';
import { disconnectAfter, garbage, hang, message, type Reply, status } from '../../model-server/reply.ts';
import { inOrder } from '../../model-server/server.ts';
import { decide, firstView } from '../view.ts';
import { served } from './agent.ts';

const fine = message({ text: 'Fine.' });

describe('a failure that may pass', () => {
  it.each<[string, Reply]>([
    ['a 429', status(429, 'slow down', { 'retry-after-ms': '2' })],
    ['a 500', status(500)],
    ['a 503 with an HTML page', status(503, '<html>')],
    ['a hang before the answer', hang()],
    ['a hang in mid-stream', hang(3)],
    ['a disconnect before the first chunk', disconnectAfter(0)],
    ['a disconnect in mid-stream', disconnectAfter(3)],
    ['garbage', garbage()],
    ['a stream that ends too early', message({ text: 'Fi', finish: '' })],
  ])('is retried and recorded: %s', async (_, reply) => {
    const { session, server } = await served(
      inOrder(reply, fine),
      reply.kind === 'hang' ? { idleMs: 1000 } : {},
    );
    const decision = await decide(session, firstView);
    expect(decision.text).toBe('Fine.');
    expect(decision.retries).toEqual([{ reason: expect.any(String), waitedMs: expect.any(Number) }]);
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, Reply, RegExp, number?]>([
    ['500s', status(500, 'kaputt'), /gpt-4.1: no answer in 3 attempts, lastly: .*kaputt/],
    ['hangs', hang(), /nothing came for 0.3 s/],
    ['hangs in mid-stream', hang(3), /nothing came for 0.3 s/],
    ['streams that stop', message({ text: 'Fi', finish: '' }), /ended before it was complete/],
    ['garbage, which is asked for once more', garbage(), /unreadable answer/, 2],
    ['a page of HTML', status(200, {}, { 'content-type': 'text/html' }), /got text\/html/, 2],
    ['an answer without choices', status(200, { choices: [] }), /no complete choice/, 2],
  ])('is an infrastructure failure when it does not pass: %s', async (_, reply, expected, requests = 3) => {
    const { session, server } = await served(() => reply, { idleMs: 300 });
    await expect(decide(session, firstView)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringMatching(expected),
    });
    expect(server.requests).toHaveLength(requests);
  });

  it('waits as long as the server asks', async () => {
    const { session } = await served(inOrder(status(503, 'busy', { 'retry-after': '0.02' }), fine));
    expect((await decide(session, firstView)).retries).toMatchObject([{ waitedMs: 20 }]);
  });

  it('waits ever longer, whatever the server asks for, and as often as it is told to slow down', async () => {
    const { session, server } = await served((_, index) =>
      index < 5 ? status(429, 'slow down', { 'retry-after': '0' }) : fine,
    );
    const { retries = [] } = await decide(session, firstView);
    expect(server.requests).toHaveLength(6);
    for (const [index, { waitedMs }] of retries.entries())
      expect(waitedMs).toBeGreaterThanOrEqual(2 ** index / 2 - 1);
    expect(retries.at(-1)?.waitedMs).toBeGreaterThanOrEqual(8);
  });

  it('is waited for no longer than the patience', async () => {
    const gate = localRateGate();
    const options = { gates: () => gate, patienceMs: 50 };
    const { session, server } = await served(
      () => status(429, 'slow down', { 'retry-after': '0.03' }),
      options,
    );
    await expect(decide(session, firstView)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringMatching(/kept a decision waiting for longer than 0.05 s, lastly: .*slow down/),
    });
    expect(server.requests.length).toBeLessThan(4);
    gate.shut(60_000);
    await expect(decide(session, firstView)).rejects.toThrow(/longer than 0.05 s, for its rate limit/);
  });

  it('is waited for on the harness’s time, unless an answer comes of it', async () => {
    const waits: (boolean | undefined)[] = [];
    const waiting = () => {
      const index = waits.push(undefined) - 1;
      return (thought = false) => {
        waits[index] ??= thought;
      };
    };
    const { session } = await served(inOrder(status(503), message({ text: 'Fine.' })));
    await decide(session, firstView, { waiting });
    // For a turn, for the first answer, for the next turn, for the second answer; and for each further piece of it.
    expect(waits.slice(0, 4)).toEqual([false, false, false, true]);
    expect(waits).not.toContain(undefined);
  });

  it('does not wait for hours', async () => {
    const { session } = await served(() => status(429, 'daily limit', { 'retry-after': '7200' }));
    await expect(decide(session, firstView)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('asks to wait 7200 s'),
    });
  });

  it('makes all trials behind the same gate wait after a 429', async () => {
    const gate = localRateGate();
    const limited = await served(inOrder(status(429, 'slow down', { 'retry-after': '200' })), {
      gates: () => gate,
    });
    const same = await served(() => fine, { gates: () => gate });
    const other = await served(() => fine);
    const stop = new AbortController();
    const first = decide(limited.session, firstView, { signal: stop.signal });
    await expect.poll(() => limited.server.requests.length).toBe(1);
    // The gate is shut once the 429 has been read, not yet when it has been sent.
    await decide(other.session, firstView);
    const second = decide(same.session, firstView, { signal: stop.signal });
    await decide(other.session, firstView);
    expect(same.server.requests).toHaveLength(0);
    stop.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await expect(second).rejects.toThrow('enough');
  });
});

describe('a failure that does not pass', () => {
  it.each([401, 403])('is a refused key: %i', async (code) => {
    const { session, server } = await served(() => status(code, 'who are you'));
    await expect(decide(session, firstView)).rejects.toMatchObject({
      code: 'model-refused-key',
      message: expect.stringContaining('who are you'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, number, object]>([
    ['OpenAI', 400, { message: 'Too much.', code: 'context_length_exceeded' }],
    [
      'vLLM',
      400,
      {
        message: "This model's maximum context length is 16384 tokens. However, you requested 2.",
        code: 400,
      },
    ],
    [
      'newer vLLM',
      400,
      { message: "You passed 9 input tokens. However, the model's context length is only 4 tokens." },
    ],
    ['llama.cpp', 400, { message: 'too big', code: 400, type: 'exceed_context_size_error' }],
    ['older llama.cpp', 500, { message: 'the request exceeds the available context size.', code: 500 }],
    [
      'SGLang',
      400,
      { message: "The input (9 tokens) is longer than the model's context length (4 tokens)." },
    ],
    ['Anthropic', 400, { message: 'prompt is too long: 9 tokens > 4 maximum' }],
    [
      'Google',
      400,
      { message: 'The input token count (9) exceeds the maximum number of tokens allowed (4).' },
    ],
  ])('is a context overflow, as %s says it', async (_, code, error) => {
    const { session, server } = await served(() => status(code, { error }));
    await expect(decide(session, firstView)).rejects.toMatchObject({ code: 'context-overflow' });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['a bad request', status(400, 'no such parameter')],
    ['an unknown model', status(404, 'no such model')],
    ['a used up account', status(429, { error: { message: 'pay first', code: 'insufficient_quota' } })],
  ])('is an infrastructure failure at once: %s', async (_, reply) => {
    const { session, server } = await served(() => reply);
    await expect(decide(session, firstView)).rejects.toMatchObject({ code: 'model-unavailable' });
    expect(server.requests).toHaveLength(1);
  });
});

it.each<[string, Reply]>([
  ['a hanging request', hang()],
  ['a wait between attempts', status(503, 'busy', { 'retry-after': '200' })],
])('is stopped by the signal in %s', async (_, reply) => {
  const { session, server } = await served(() => reply);
  const stop = new AbortController();
  const decision = decide(session, firstView, { signal: stop.signal });
  await expect.poll(() => server.requests.length).toBe(1);
  stop.abort(new Error('time is up'));
  await expect(decision).rejects.toThrow('time is up');
});

describe('the check before a run', () => {
  it('passes with a good key', async () => {
    const { agent } = await served(() => fine, { server: { key: 'key' } });
    await expect(agent.check?.([])).resolves.toBeUndefined();
  });

  it('passes where the server lists no models', async () => {
    const { agent } = await served(() => fine, { server: { models: false } });
    await expect(agent.check?.([])).resolves.toBeUndefined();
  });

  it('fails with a refused key, without asking the model', async () => {
    const { agent, server } = await served(() => fine, { server: { key: 'another' } });
    await expect(agent.check?.([])).rejects.toMatchObject({ code: 'model-refused-key' });
    expect(server.requests).toHaveLength(0);
  });

  it('fails where nobody answers', async () => {
    const { agent, server } = await served(() => fine);
    await server.close();
    await expect(agent.check?.([])).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining(server.url),
    });
  });
});

it('wants a key where no endpoint of one’s own is named', () => {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, ...rest } = process.env;
  const before = process.env;
  process.env = rest;
  try {
    expect(() => openaiAgent({ model: 'gpt-4.1' })).toThrow('OPENAI_API_KEY');
    expect(openaiAgent({ model: 'm', baseUrl: 'http://u:secret@127.0.0.1:9/v1' }).parameters).toEqual({
      baseUrl: 'http://127.0.0.1:9/v1',
    });
  } finally {
    process.env = before;
  }
});
