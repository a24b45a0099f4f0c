import { describe, expect, it } from 'vitest';
import { type GoogleOptions, googleAgent } from '../../../src/agent/google/google.ts';
import type { Json } from '../../../src/schema/json.ts';
import type { Answered } from '../../model-server/event-server.ts';
import { contentOf, googleError, startGoogle } from '../../model-server/google.ts';
import { servedBy } from '../served.ts';
import { decide, firstView, viewAfter } from '../view.ts';

const served = (
  answers: readonly Answered[],
  { key, ...options }: Partial<GoogleOptions> & { key?: string } = {},
) =>
  servedBy(startGoogle(answers, key), (endpoint) =>
    googleAgent({ model: 'gemini-test', ...endpoint, ...options }),
  );

const bash = (command: string, more = {}) => ({ functionCall: { name: 'bash', args: { command } }, ...more });
const fine = contentOf(['Fi', 'ne.']);
const signature = 'c2lnbmVk';
const thinking = contentOf([
  { text: 'First ', thought: true },
  { text: 'I look.', thought: true },
  'Let me look, ',
  'ünïcödé and all.',
  bash('ls', { thoughtSignature: signature }),
  bash('pwd'),
]);
const events = (answer: Answered) => ('events' in answer ? answer.events : []);

it('decides text, thoughts and several calls in their order', async () => {
  const { session, server } = await served([thinking]);
  const decision = await decide(session, firstView);
  expect(decision).toMatchObject({
    text: 'Let me look, ünïcödé and all.',
    reasoning: 'First I look.',
    calls: [
      { tool: 'bash', arguments: { command: 'ls' } },
      { tool: 'bash', arguments: { command: 'pwd' } },
    ],
    model: 'gemini-test',
  });
  expect(decision).not.toHaveProperty('retries');
  const [asked] = server.requests;
  expect(asked?.path).toBe('/v1beta/models/gemini-test:streamGenerateContent?alt=sse');
  expect(asked?.headers['x-goog-api-key']).toBe('key');
  expect(asked?.body.systemInstruction.parts[0].text).toContain('Be kind.');
  expect(asked?.body.tools[0].functionDeclarations).toMatchObject([
    { name: 'bash' },
    { name: 'desk_refund' },
    { name: 'submit' },
  ]);
});

it('sends thoughts and signatures back verbatim, and the answers to all calls in one turn', async () => {
  const { session, server } = await served([thinking, fine]);
  const view = viewAfter(firstView, await decide(session, firstView), ['a.txt', 'no'], 'One step is left.');
  view.steps[0]?.observations[0]?.content.push({ type: 'image', mimeType: 'image/png', data: 'AAAA' });
  Object.assign(view.steps[0]?.observations[1] ?? {}, { isError: true });
  await decide(session, view);
  expect(server.requests[1]?.body.contents).toEqual([
    { role: 'user', parts: [{ text: 'Count the files.' }] },
    {
      role: 'model',
      parts: [
        { text: 'First I look.', thought: true },
        { text: 'Let me look, ünïcödé and all.' },
        bash('ls', { thoughtSignature: signature }),
        bash('pwd'),
      ],
    },
    {
      role: 'user',
      parts: [
        { functionResponse: { name: 'bash', response: { output: 'a.txt\n[image image/png]' } } },
        { functionResponse: { name: 'bash', response: { error: 'no' } } },
        { text: 'Image from bash:' },
        { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
        { text: 'One step is left.' },
      ],
    },
  ]);
});

it('keeps a signature that comes with an empty text at the end', async () => {
  const { session, server } = await served([
    contentOf(['Hello', { text: '', thoughtSignature: signature }]),
    fine,
  ]);
  await decide(session, viewAfter(firstView, await decide(session, firstView), []));
  expect(server.requests[1]?.body.contents[1].parts).toEqual([
    { text: 'Hello' },
    { text: '', thoughtSignature: signature },
  ]);
});

it('keeps thoughts from another model, which is told that it wants no signature of such calls', async () => {
  const { session } = await served([thinking]);
  const view = viewAfter(firstView, await decide(session, firstView), ['a.txt', '']);
  const other = await served([fine], { model: 'gemini-3-test' });
  await decide(other.session, view);
  expect(other.server.requests[0]?.body.contents[1].parts).toEqual([
    { text: 'Let me look, ünïcödé and all.' },
    bash('ls', { thoughtSignature: 'skip_thought_signature_validator' }),
    bash('pwd'),
  ]);
});

it('gives calls and their answers the ids that the provider gave', async () => {
  const call = { functionCall: { id: 'a1', name: 'bash', args: {} } };
  const { session, server } = await served([contentOf([call]), fine]);
  await decide(session, viewAfter(firstView, await decide(session, firstView), ['x']));
  expect(server.requests[1]?.body.contents.slice(1)).toMatchObject([
    { parts: [call] },
    { parts: [{ functionResponse: { id: 'a1', name: 'bash' } }] },
  ]);
});

it('counts cached and thought tokens, and the cost by the price of each', async () => {
  const usage = {
    promptTokenCount: 1_000_000,
    cachedContentTokenCount: 400_000,
    candidatesTokenCount: 40_000,
    thoughtsTokenCount: 60_000,
  };
  const prices = { 'gemini-test': { input: 2, cached: 0.5, output: 8 } };
  const { session } = await served([contentOf(['x'], { usage })], { prices });
  const { usage: told, costUsd } = await decide(session, firstView);
  expect(told).toEqual({ input: 1_000_000, output: 100_000, cached: 400_000, reasoning: 60_000 });
  expect(costUsd).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.1 * 8);
});

it('keeps integers that a double can’t hold as the model wrote them', async () => {
  const exact = '{"id":1234567890123456789,"text":"1234567890123456789"}';
  const wire = `{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"bash","args":${exact}}}]},"finishReason":"STOP"}]}`;
  const { session, server } = await served([{ events: [{ wire }] }, fine]);
  const decision = await decide(session, firstView);
  expect(decision.calls[0]).toMatchObject({ exact });
  await decide(session, viewAfter(firstView, decision, ['']));
  expect(server.requests[1]?.text).toContain(`"args":${exact}`);
});

it('sends parameters in the places that the client has for them, and others as they are', async () => {
  const parameters = {
    temperature: 0,
    thinkingConfig: { includeThoughts: true },
    topK: null,
    novelty: 1,
    extra_body: { generationConfig: { other: 2 } },
  };
  const { session, server } = await served([fine], { parameters });
  await decide(session, firstView);
  expect(server.requests[0]?.body).toMatchObject({
    novelty: 1,
    generationConfig: { temperature: 0, thinkingConfig: { includeThoughts: true }, other: 2 },
  });
});

it.each([
  ['a blocked prompt', { events: [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }] }],
  ['an answer that was stopped', contentOf([], { finish: 'SAFETY' })],
])('says that a refusal is one: %s', async (_, answer) => {
  const { session } = await served([answer]);
  expect(await decide(session, firstView)).toMatchObject({ calls: [], stop: 'refused' });
});

it('says that an answer was cut at the limit', async () => {
  const { session } = await served([contentOf(['And then'], { finish: 'MAX_TOKENS' })]);
  expect(await decide(session, firstView)).toMatchObject({ text: 'And then', stop: 'truncated' });
});

it('tells the whole request first, then what was appended', async () => {
  const asked: [Json, boolean][] = [];
  const listen = { asked: (request: Json, appended: boolean) => void asked.push([request, appended]) };
  const { session, server } = await served([thinking, fine]);
  const view = viewAfter(firstView, await decide(session, firstView, listen), ['a.txt', '']);
  await decide(session, view, listen);
  expect(asked).toEqual([
    [expect.objectContaining({ model: 'gemini-test' }), false],
    [{ contents: server.requests[1]?.body.contents.slice(1) }, true],
  ]);
});

describe('a failure that may pass', () => {
  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.03s' };
  const within = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };
  it.each<[string, Answered, RegExp]>([
    ['a 429', googleError(429, 'RESOURCE_EXHAUSTED', 'slow down', [retryInfo]), /429 slow down/],
    ['a 500', googleError(500, 'INTERNAL', 'kaputt'), /500 kaputt/],
    ['a 503', googleError(503, 'UNAVAILABLE', 'The model is overloaded.'), /503 The model is overloaded/],
    ['a page of HTML', { status: 200, body: '<html>' }, /expected a stream, got text\/html/],
    ['an overload within the stream', { events: [within] }, /503 The model is overloaded/],
    ['a cut stream', { events: events(thinking).slice(0, 2), end: 'cut' }, /broke off/],
    ['a stream that ends too early', { events: events(fine).slice(0, 1) }, /before it was complete/],
    ['what is no JSON', { events: [{ wire: '{"candidates": [' }] }, /unreadable answer/],
  ])('is retried and recorded: %s', async (_, answer, reason) => {
    const { session, server } = await served([answer, fine]);
    expect(await decide(session, firstView)).toMatchObject({
      text: 'Fine.',
      retries: [{ reason: expect.stringMatching(reason), waitedMs: expect.any(Number) }],
    });
    expect(server.requests).toHaveLength(2);
  });

  it('waits as long as the server asks, in its headers or in its details', async () => {
    const slow = googleError(429, 'RESOURCE_EXHAUSTED', 'slow down', [retryInfo]);
    const busy = { ...googleError(503, 'UNAVAILABLE', 'busy'), headers: { 'retry-after': '0.02' } };
    const { session } = await served([slow, busy, fine]);
    expect((await decide(session, firstView)).retries).toMatchObject([{ waitedMs: 30 }, { waitedMs: 20 }]);
  });

  it('is one of the infrastructure when it does not pass: silence in the middle of an answer', async () => {
    const silent: Answered = { events: events(thinking).slice(0, 2), end: 'hang' };
    const { session } = await served([silent], { idleMs: 200, retry: { attempts: 1 } });
    await expect(decide(session, firstView)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('nothing came for 0.2 s'),
    });
  });
});

it.each<[string, Answered, string]>([
  [
    'a context overflow',
    googleError(
      400,
      'INVALID_ARGUMENT',
      'The input token count (9) exceeds the maximum number of tokens allowed (4).',
    ),
    'context-overflow',
  ],
  [
    'a key that is not valid',
    googleError(400, 'INVALID_ARGUMENT', 'API key not valid.', [{ reason: 'API_KEY_INVALID' }]),
    'model-refused-key',
  ],
  ['a forbidden model', googleError(403, 'PERMISSION_DENIED', 'no access'), 'model-refused-key'],
  ['a bad request', googleError(400, 'INVALID_ARGUMENT', 'Unknown name "x"'), 'model-unavailable'],
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
      message: expect.stringContaining('API key not valid'),
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

it('takes its key from either variable, and wants one', () => {
  const { GEMINI_API_KEY, GOOGLE_API_KEY, GOOGLE_GEMINI_BASE_URL, ...rest } = process.env;
  const before = process.env;
  process.env = rest;
  try {
    expect(() => googleAgent({ model: 'm' })).toThrow(
      'agent google:m has no key: expected GEMINI_API_KEY or GOOGLE_API_KEY, or GOOGLE_GEMINI_BASE_URL for a server that wants no key',
    );
    process.env = { ...rest, GOOGLE_API_KEY: 'k' };
    expect(googleAgent({ model: 'm' }).parameters).toEqual({
      baseUrl: 'https://generativelanguage.googleapis.com',
    });
  } finally {
    process.env = before;
  }
});
