import { describe, expect, it } from 'vitest';
import type { OpenaiOptions } from '../../../src/agent/openai/openai.ts';
import { responsesAgent } from '../../../src/agent/openai/responses.ts';
import type { Json } from '../../../src/schema/json.ts';
import type { Answered } from '../../model-server/event-server.ts';
import { openaiError, responseOf, startResponses } from '../../model-server/responses.ts';
import { servedBy } from '../served.ts';
import { brief, decide, firstView, viewAfter } from '../view.ts';

const served = (
  answers: readonly Answered[],
  { key, ...options }: Partial<OpenaiOptions> & { key?: string } = {},
) =>
  servedBy(startResponses(answers, key), (endpoint) =>
    responsesAgent({ model: 'gpt-test', ...endpoint, ...options }),
  );

const said = (text: string, more: object = {}) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
  ...more,
});
const bash = (command: string, id: string, written = JSON.stringify({ command })) => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: `call_${id}`,
  name: 'bash',
  arguments: written,
  status: 'completed',
});
const reasoning = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [{ type: 'summary_text', text: 'First I look.' }],
  encrypted_content: 'c2VhbGVk',
};
const items = [reasoning, said('Let me look, ünïcödé and all.'), bash('ls', '1'), bash('pwd', '2')];
const thinking = responseOf(items);
const fine = responseOf([said('Fine.')]);
const result = (call_id: string, output: unknown) => ({ type: 'function_call_output', call_id, output });

it('decides text, reasoning and several calls in their order', async () => {
  const { session, server } = await served([thinking]);
  expect(await decide(session, firstView)).toMatchObject({
    text: 'Let me look, ünïcödé and all.',
    reasoning: 'First I look.',
    calls: [
      { tool: 'bash', arguments: { command: 'ls' }, providerId: 'call_1' },
      { tool: 'bash', arguments: { command: 'pwd' }, providerId: 'call_2' },
    ],
    model: 'gpt-test',
  });
  const [asked] = server.requests;
  expect(asked).toMatchObject({ path: '/responses', headers: { authorization: 'Bearer key' } });
  expect(asked?.body).toMatchObject({
    instructions: expect.stringContaining('Be kind.'),
    input: [{ role: 'user', content: 'Count the files.' }],
    tools: [{ type: 'function', name: 'bash', strict: false }, { name: 'desk_refund' }, { name: 'submit' }],
    store: false,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: expect.stringMatching(/^proctor-[0-9a-f]{32}$/),
  });
});

it('sends reasoning back verbatim with calls in their places, then results with their images', async () => {
  const { session, server } = await served([thinking, fine]);
  const decision = await decide(session, firstView);
  const view = viewAfter(firstView, decision, ['a.txt', ''], 'One step is left.');
  view.steps[0]?.observations[0]?.content.push({ type: 'image', mimeType: 'image/png', data: 'AAAA' });
  await decide(session, view);
  expect(server.requests[1]?.body.input).toEqual([
    { role: 'user', content: 'Count the files.' },
    ...items,
    result('call_1', [
      { type: 'input_text', text: 'a.txt\n[image image/png]' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
    ]),
    result('call_2', ''),
    { role: 'user', content: 'One step is left.' },
  ]);
  expect(server.requests[1]?.body.prompt_cache_key).toBe(server.requests[0]?.body.prompt_cache_key);
});

it('keeps reasoning from another model, and from an endpoint that could not find it again', async () => {
  const { session } = await served([thinking]);
  const view = viewAfter(firstView, await decide(session, firstView), ['a.txt', '']);
  const other = await served([fine], { model: 'gpt-other' });
  await decide(other.session, view);
  const plainCall = ({ type, call_id, name, arguments: written }: ReturnType<typeof bash>) => ({
    type,
    call_id,
    name,
    arguments: written,
  });
  expect(other.server.requests[0]?.body.input.slice(1, 4)).toEqual([
    { role: 'assistant', content: 'Let me look, ünïcödé and all.' },
    plainCall(bash('ls', '1')),
    plainCall(bash('pwd', '2')),
  ]);
  const { encrypted_content: _, ...unsealed } = reasoning;
  const unkept = await served([responseOf([unsealed, bash('ls', '1')]), fine]);
  const next = viewAfter(firstView, await decide(unkept.session, firstView), ['']);
  await decide(unkept.session, next);
  expect(unkept.server.requests[1]?.body.input.slice(1, -1)).toEqual([bash('ls', '1')]);
});

it('keeps the phase of a message, and nothing native where text and calls say it all', async () => {
  const commented = await served([responseOf([said('Looking.', { phase: 'commentary' }), bash('ls', '1')])]);
  expect((await decide(commented.session, firstView)).native?.items).toMatchObject([
    { phase: 'commentary' },
    {},
  ]);
  const { session } = await served([responseOf([said('Looking.'), bash('ls', '1')])]);
  expect((await decide(session, firstView)).native).toBeUndefined();
});

it('does not ask models for reasoning that have none, and lets every parameter be set or taken away', async () => {
  const { session, server } = await served([fine], {
    model: 'gpt-4.1',
    parameters: { prompt_cache_key: null, max_output_tokens: 7, reasoning: { effort: 'low' } },
  });
  await decide(session, firstView);
  expect(server.requests[0]?.body).toMatchObject({ max_output_tokens: 7, reasoning: { effort: 'low' } });
  expect(server.requests[0]?.body).not.toHaveProperty('include');
  expect(server.requests[0]?.body).not.toHaveProperty('prompt_cache_key');
});

it('counts tokens, of them those from the cache and those of reasoning, and the cost by the price of each', async () => {
  const usage = {
    input_tokens: 1_000_000,
    input_tokens_details: { cached_tokens: 400_000 },
    output_tokens: 100_000,
    output_tokens_details: { reasoning_tokens: 60_000 },
  };
  const prices = { 'gpt-test': { input: 3, cached: 0.3, output: 15 } };
  const { session } = await served([responseOf([], { usage })], { prices });
  const { usage: told, costUsd } = await decide(session, firstView);
  expect(told).toEqual({ input: 1_000_000, output: 100_000, cached: 400_000, reasoning: 60_000 });
  expect(costUsd).toBeCloseTo(0.6 * 3 + 0.4 * 0.3 + 0.1 * 15);
});

it('keeps integers that a double can’t hold, and what was written where arguments were cut off', async () => {
  const exact = '{"id":1234567890123456789}';
  const { session, server } = await served([
    responseOf([bash('', '1', exact), bash('', '2', '{"command": "ls')], {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    }),
    fine,
  ]);
  const decision = await decide(session, firstView);
  expect(decision).toMatchObject({ stop: 'truncated', calls: [{ exact }, { malformed: '{"command": "ls' }] });
  await decide(session, viewAfter(firstView, decision, ['', 'No JSON.']));
  expect(server.requests[1]?.body.input.slice(1, 3)).toMatchObject([
    { arguments: exact },
    { arguments: '{"malformed":"{\\"command\\": \\"ls"}' },
  ]);
});

it('says that a refusal is one', async () => {
  const refusal = said('', { content: [{ type: 'refusal', refusal: 'No.' }] });
  const { session } = await served([responseOf([refusal])]);
  expect(await decide(session, firstView)).toMatchObject({ text: 'No.', calls: [], stop: 'refused' });
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
    [{ input: second.input.slice(1) }, true],
  ]);
});

const failing = (code: string, message: string) =>
  responseOf([], { status: 'failed', error: { code, message } });

describe('a failure that may pass', () => {
  const events = 'events' in thinking ? thinking.events : [];
  it.each<[string, Answered, RegExp]>([
    [
      'a 429',
      openaiError(429, 'rate_limit_exceeded', 'slow down', { 'retry-after': '0.002' }),
      /429 slow down/,
    ],
    ['a 500', openaiError(500, 'server_error', 'kaputt'), /500 kaputt/],
    ['a page of HTML', { status: 200, body: '<html>' }, /expected a stream, got text\/html/],
    ['a response that failed', failing('server_error', 'kaputt'), /500 kaputt/],
    ['a rate limit within the stream', failing('rate_limit_exceeded', 'slow down'), /429 slow down/],
    [
      'an error within the stream',
      {
        events: [{ type: 'error', code: 'server_error', message: 'kaputt', param: null, sequence_number: 0 }],
      },
      /500 kaputt/,
    ],
    ['a cut stream', { events: events.slice(0, 4), end: 'cut' }, /broke off|terminated/],
    ['a stream that ends too early', { events: events.slice(0, -1) }, /before it was complete/],
  ])('is retried and recorded: %s', async (_, answer, reason) => {
    const { session, server } = await served([answer, fine]);
    expect(await decide(session, firstView)).toMatchObject({
      text: 'Fine.',
      retries: [{ reason: expect.stringMatching(reason), waitedMs: expect.any(Number) }],
    });
    expect(server.requests).toHaveLength(2);
  });

  it('is one of the infrastructure when it does not pass: silence in the middle of an answer', async () => {
    const { session } = await served([{ events: events.slice(0, 4), end: 'hang' }], {
      idleMs: 200,
      retry: { attempts: 1 },
    });
    await expect(decide(session, firstView)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('nothing came for 0.2 s'),
    });
  });
});

it.each<[string, Answered, string]>([
  ['a context overflow', openaiError(400, 'context_length_exceeded', 'too long'), 'context-overflow'],
  [
    'a context overflow within the stream',
    failing('context_length_exceeded', 'Your input exceeds the context window'),
    'context-overflow',
  ],
  ['a refused key', openaiError(401, 'invalid_api_key', 'no'), 'model-refused-key'],
  ['an empty account', openaiError(429, 'insufficient_quota', 'pay first'), 'model-unavailable'],
  ['a bad request', openaiError(400, 'invalid_value', 'no such parameter'), 'model-unavailable'],
])('does not ask again after %s', async (_, answer, code) => {
  const { session, server } = await served([answer]);
  await expect(decide(session, firstView)).rejects.toMatchObject({ code });
  expect(server.requests).toHaveLength(1);
});

it('sends a query with every request', async () => {
  const { server } = await served([fine]);
  const options = { model: 'gpt-test', apiKey: 'key' };
  const agent = responsesAgent({ ...options, baseUrl: `${server.url}?api-version=preview` });
  await decide(await agent.open(brief), firstView);
  expect(server.requests[0]?.path).toBe('/responses?api-version=preview');
});

it('is stopped by the signal', async () => {
  const { session, server } = await served([{ events: [], end: 'hang' }]);
  const stop = new AbortController();
  const decision = decide(session, firstView, { signal: stop.signal });
  await expect.poll(() => server.requests.length).toBe(1);
  stop.abort(new Error('time is up'));
  await expect(decision).rejects.toThrow('time is up');
});

it('notices a refused key before a run, and no parameter is taken that is its own', async () => {
  const { agent, server } = await served([fine], { key: 'key' });
  await expect(agent.check?.([])).resolves.toBeUndefined();
  const bad = await served([fine], { key: 'another' });
  await expect(bad.agent.check?.([])).rejects.toMatchObject({ code: 'model-refused-key' });
  expect(server.requests).toEqual([]);
  expect(() =>
    responsesAgent({ model: 'm', apiKey: 'k', parameters: { previous_response_id: 'x' } }),
  ).toThrow('agent openai-responses:m: previous_response_id can’t be set');
});
