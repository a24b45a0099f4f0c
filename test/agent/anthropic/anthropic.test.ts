import { describe, expect, it } from 'vitest';
import { type AnthropicOptions, anthropicAgent } from '../../../src/agent/anthropic/anthropic.ts';
import type { Json } from '../../../src/schema/json.ts';
import { anthropicError, messageOf, startAnthropic } from '../../model-server/anthropic.ts';
import type { Answered } from '../../model-server/event-server.ts';
import { servedBy } from '../served.ts';
import { decide, firstView, viewAfter } from '../view.ts';

const served = (
  answers: readonly Answered[],
  { key, ...options }: Partial<AnthropicOptions> & { key?: string } = {},
) =>
  servedBy(startAnthropic(answers, key), (endpoint) =>
    anthropicAgent({ model: 'claude-test', ...endpoint, ...options }),
  );

const bash = (command: string, id: string) => ({ type: 'tool_use', id, name: 'bash', input: { command } });
const fine = messageOf([{ type: 'text', text: 'Fine.' }]);
const thinking = messageOf(
  [
    { type: 'thinking', thinking: 'First I look.', signature: 'c2lnbmVk' },
    { type: 'redacted_thinking', data: 'aGlkZGVu' },
    { type: 'text', text: 'Let me look, ünïcödé and all.' },
    bash('ls', 'toolu_1'),
    bash('pwd', 'toolu_2'),
  ],
  { stop: 'tool_use' },
);

it('decides text, thinking and several calls in their order', async () => {
  const { session, server } = await served([thinking]);
  expect(await decide(session, firstView)).toMatchObject({
    text: 'Let me look, ünïcödé and all.',
    reasoning: 'First I look.',
    calls: [
      { tool: 'bash', arguments: { command: 'ls' }, providerId: 'toolu_1' },
      { tool: 'bash', arguments: { command: 'pwd' }, providerId: 'toolu_2' },
    ],
    model: 'claude-test',
  });
  const [asked] = server.requests;
  expect(asked?.headers).toMatchObject({
    authorization: 'Bearer key',
    'anthropic-version': expect.any(String),
  });
  expect(asked?.body.tools.map(({ name }: { name: string }) => name)).toEqual([
    'bash',
    'desk_refund',
    'submit',
  ]);
});

it('sends thinking back verbatim, and the answers to all calls in one message', async () => {
  const { session, server } = await served([thinking, fine]);
  const decision = await decide(session, firstView);
  const view = viewAfter(firstView, decision, ['a.txt', ''], 'One step is left.');
  view.steps[0]?.observations[0]?.content.push({ type: 'image', mimeType: 'image/png', data: 'AAAA' });
  Object.assign(view.steps[0]?.observations[1] ?? {}, { isError: true });
  await decide(session, view);
  expect(server.requests[1]?.body.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Count the files.' }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'First I look.', signature: 'c2lnbmVk' },
        { type: 'redacted_thinking', data: 'aGlkZGVu' },
        { type: 'text', text: 'Let me look, ünïcödé and all.' },
        bash('ls', 'toolu_1'),
        bash('pwd', 'toolu_2'),
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [
            { type: 'text', text: 'a.txt\n[image image/png]' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          ],
        },
        { type: 'tool_result', tool_use_id: 'toolu_2', is_error: true },
        { type: 'text', text: 'One step is left.' },
      ],
    },
  ]);
});

it('keeps thinking from another model', async () => {
  const { session } = await served([thinking]);
  const view = viewAfter(firstView, await decide(session, firstView), ['a.txt', '']);
  const other = await served([fine], { model: 'claude-other' });
  await decide(other.session, view);
  expect(other.server.requests[0]?.body.messages[1].content).toEqual([
    { type: 'text', text: 'Let me look, ünïcödé and all.' },
    bash('ls', 'toolu_1'),
    bash('pwd', 'toolu_2'),
  ]);
});

it('has tools, prompt and conversation cached, unless that is taken away', async () => {
  const { session, server } = await served([fine]);
  await decide(session, firstView);
  const ephemeral = { type: 'ephemeral' };
  expect(server.requests[0]?.body).toMatchObject({
    cache_control: ephemeral,
    system: [{ cache_control: ephemeral, text: expect.stringContaining('Be kind.') }],
  });
  const without = await served([fine], { parameters: { cache_control: null, max_tokens: 7, top_k: 3 } });
  await decide(without.session, firstView);
  expect(without.server.requests[0]?.body).not.toHaveProperty('cache_control');
  expect(without.server.requests[0]?.body).toMatchObject({ max_tokens: 7, top_k: 3 });
});

it('counts what was read from the cache and written to it as input, and the cost by the price of each', async () => {
  const usage = {
    input_tokens: 100_000,
    cache_read_input_tokens: 400_000,
    cache_creation_input_tokens: 500_000,
    output_tokens: 100_000,
    output_tokens_details: { thinking_tokens: 60_000 },
  };
  const prices = { 'claude-test': { input: 3, cached: 0.3, output: 15 } };
  const { session } = await served([messageOf([], { usage })], { prices });
  const { usage: told, costUsd } = await decide(session, firstView);
  expect(told).toEqual({ input: 1_000_000, output: 100_000, cached: 400_000, reasoning: 60_000 });
  expect(costUsd).toBeCloseTo(0.6 * 3 + 0.4 * 0.3 + 0.1 * 15);
});

it('keeps integers that a double can’t hold as the model wrote them', async () => {
  const input = '{"id": 1234567890123456789, "text": "1234567890123456789"}';
  const { session, server } = await served([
    messageOf([{ type: 'tool_use', id: 'a', name: 'bash', input }]),
    fine,
  ]);
  const decision = await decide(session, firstView);
  const exact = '{"id":1234567890123456789,"text":"1234567890123456789"}';
  expect(decision.calls[0]).toMatchObject({ exact });
  await decide(session, viewAfter(firstView, decision, ['']));
  expect(server.requests[1]?.text).toContain(`"input":${exact}`);
});

it('keeps what was written where arguments were cut off at the limit', async () => {
  const cut = { type: 'tool_use', id: 'a', name: 'bash', input: '{"command": "ls' };
  const { session, server } = await served([messageOf([cut], { stop: 'max_tokens' }), fine]);
  const decision = await decide(session, firstView);
  expect(decision).toMatchObject({ stop: 'truncated', calls: [{ malformed: '{"command": "ls' }] });
  await decide(session, viewAfter(firstView, decision, ['No JSON.']));
  expect(server.requests[1]?.body.messages[1].content).toMatchObject([
    { input: { malformed: '{"command": "ls' } },
  ]);
});

it('says that a refusal is one', async () => {
  const { session } = await served([messageOf([{ type: 'text', text: 'No.' }], { stop: 'refusal' })]);
  expect(await decide(session, firstView)).toMatchObject({ text: 'No.', calls: [], stop: 'refused' });
});

it('leaves out an answer without content, and reminds the model', async () => {
  const { session, server } = await served([messageOf([]), fine]);
  await decide(session, viewAfter(firstView, await decide(session, firstView), []));
  const [, reminder] = server.requests[1]?.body.messages ?? [];
  expect(reminder).toMatchObject({ role: 'user', content: [{ text: expect.stringContaining('submit') }] });
});

it('tells the whole request first, then what was appended', async () => {
  const asked: [Json, boolean][] = [];
  const listen = { asked: (request: Json, appended: boolean) => void asked.push([request, appended]) };
  const { session, server } = await served([thinking, fine]);
  const view = viewAfter(firstView, await decide(session, firstView, listen), ['a.txt', '']);
  await decide(session, view, listen);
  const [first, second] = server.requests.map(({ body }) => body);
  expect(asked).toEqual([
    [first, false],
    [{ messages: second.messages.slice(1) }, true],
  ]);
});

describe('a failure that may pass', () => {
  const within = (type: string): Answered => ({
    events: [{ type: 'error', error: { type, message: 'Overloaded' } }],
  });
  it.each<[string, Answered, RegExp]>([
    [
      'a 429',
      anthropicError(429, 'rate_limit_error', 'slow down', { 'retry-after': '0.002' }),
      /429 slow down/,
    ],
    ['a 500', anthropicError(500, 'api_error', 'kaputt'), /500 kaputt/],
    ['a 529', anthropicError(529, 'overloaded_error', 'Overloaded'), /529 Overloaded/],
    [
      'a time-out of the server',
      anthropicError(504, 'timeout_error', 'Request timed out'),
      /504 Request timed out/,
    ],
    ['a page of HTML', { status: 200, body: '<html>' }, /expected a stream, got text\/html/],
    ['an overload within the stream', within('overloaded_error'), /529 Overloaded/],
    [
      'a cut stream',
      { ...thinking, events: 'events' in thinking ? thinking.events.slice(0, 4) : [], end: 'cut' },
      /broke off|terminated/,
    ],
    [
      'a stream that ends too early',
      { events: 'events' in fine ? fine.events.slice(0, 3) : [] },
      /before it was complete/,
    ],
  ])('is retried and recorded: %s', async (_, answer, reason) => {
    const { session, server } = await served([answer, fine]);
    expect(await decide(session, firstView)).toMatchObject({
      text: 'Fine.',
      retries: [{ reason: expect.stringMatching(reason), waitedMs: expect.any(Number) }],
    });
    expect(server.requests).toHaveLength(2);
  });

  it('waits as long as the server asks', async () => {
    const slow = anthropicError(529, 'overloaded_error', 'Overloaded', { 'retry-after': '0.02' });
    const { session } = await served([slow, fine]);
    expect((await decide(session, firstView)).retries).toMatchObject([{ waitedMs: 20 }]);
  });

  it('is one of the infrastructure when it does not pass: silence in the middle of an answer', async () => {
    const events = 'events' in thinking ? thinking.events.slice(0, 4) : [];
    const { session } = await served([{ events, end: 'hang' }], { idleMs: 200, retry: { attempts: 1 } });
    await expect(decide(session, firstView)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('nothing came for 0.2 s'),
    });
  });
});

it('sets money aside for every request, and tells what an answer cost that broke off', async () => {
  const settled: (number | undefined)[] = [];
  const reserve = async () => (cost: number | undefined) => void settled.push(cost);
  const broken: Answered = { events: 'events' in fine ? fine.events.slice(0, 3) : [] };
  const prices = { 'claude-test': { input: 100_000, output: 0 } };
  const { session } = await served([broken, fine], { prices });
  const decision = await decide(session, firstView, { reserve });
  expect(settled).toEqual([1, 1]);
  expect(decision).toMatchObject({ costUsd: 2, usage: { input: 20 } });
});

it.each<[string, Answered, string]>([
  [
    'a context overflow',
    anthropicError(400, 'invalid_request_error', 'prompt is too long: 9 tokens > 4 maximum'),
    'context-overflow',
  ],
  [
    'a request that is too large',
    anthropicError(413, 'request_too_large', 'Request exceeds the maximum size'),
    'context-overflow',
  ],
  [
    'an answer that filled the context',
    messageOf([], { stop: 'model_context_window_exceeded' }),
    'context-overflow',
  ],
  ['a refused key', anthropicError(401, 'authentication_error', 'invalid x-api-key'), 'model-refused-key'],
  ['a forbidden model', anthropicError(403, 'permission_error', 'no access'), 'model-refused-key'],
  [
    'a bad request',
    anthropicError(400, 'invalid_request_error', 'max_tokens: Field required'),
    'model-unavailable',
  ],
  [
    'an empty account',
    anthropicError(400, 'invalid_request_error', 'Your credit balance is too low'),
    'model-unavailable',
  ],
])('does not ask again after %s', async (_, answer, code) => {
  const { session, server } = await served([answer]);
  await expect(decide(session, firstView)).rejects.toMatchObject({ code });
  expect(server.requests).toHaveLength(1);
});

it('is stopped by the signal', async () => {
  const { session, server } = await served([{ events: [], end: 'hang' }]);
  const stop = new AbortController();
  const decision = decide(session, firstView, { signal: stop.signal });
  await expect.poll(() => server.requests.length).toBe(1);
  stop.abort(new Error('time is up'));
  await expect(decision).rejects.toThrow('time is up');
});

describe('the check before a run', () => {
  it('passes with a good key and fails with a refused one, without asking the model', async () => {
    const { agent, server } = await served([fine], { key: 'key' });
    await expect(agent.check?.([])).resolves.toBeUndefined();
    const bad = await served([fine], { key: 'another' });
    await expect(bad.agent.check?.([])).rejects.toMatchObject({
      code: 'model-refused-key',
      message: expect.stringContaining('invalid API key'),
    });
    expect([...server.requests, ...bad.server.requests]).toEqual([]);
  });

  it('fails where nobody answers', async () => {
    const { agent, server } = await served([fine]);
    await server.close();
    await expect(agent.check?.([])).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringMatching(/does not answer: .*ECONNREFUSED/),
    });
  });
});

it('wants a key, and no parameter that is its own', () => {
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, ...rest } = process.env;
  const before = process.env;
  process.env = rest;
  try {
    expect(() => anthropicAgent({ model: 'm' })).toThrow(
      'agent anthropic:m has no key: expected ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a server that wants no key',
    );
    expect(() => anthropicAgent({ model: 'm', apiKey: 'k', parameters: { system: 'x' } })).toThrow(
      'agent anthropic:m: system can’t be set',
    );
  } finally {
    process.env = before;
  }
});
