import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { chatDialect } from '../../../src/agent/dialect/chat.ts';
import type { WireAnswer } from '../../../src/agent/dialect/dialect.ts';
import { json, serve, stream } from './serve.ts';

const usage = {
  prompt_tokens: 50,
  completion_tokens: 9,
  total_tokens: 59,
  prompt_tokens_details: { cached_tokens: 32 },
};

const call = (id: string, name: string, args: object) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
});

const completion = json({
  id: 'c1',
  object: 'chat.completion',
  model: 'm-1',
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'Looking.',
        reasoning_content: 'Hm.',
        tool_calls: [call('a', 'bash', { command: 'rm -rf /' }), call('b', 'read', { path: 'x' })],
      },
    },
  ],
  usage,
});

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm-1',
  choices: [{ index: 0, delta, finish_reason }],
});

const part = (index: number, args: string, begin: object = {}) =>
  chunk({ tool_calls: [{ index, ...begin, function: { ...('name' in begin && begin), arguments: args } }] });

const streamed = stream(
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'Hm.' }),
  chunk({ content: 'Look' }),
  chunk({ content: 'ing.' }),
  part(0, '', { id: 'a', type: 'function', name: 'bash' }),
  part(0, '{"command":'),
  part(1, '', { id: 'b', type: 'function', name: 'read' }),
  part(0, '"rm -rf /"}'),
  part(1, '{"path":"x"}'),
  chunk({}, 'tool_calls'),
  { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm-1', choices: [], usage },
  '[DONE]',
);

/** What OpenAI's own client makes of an answer. */
async function seenByClient(answer: WireAnswer) {
  const { url } = await serve(answer);
  const client = new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: 0 });
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'Do it.' }] };
  const told = answer.contentType.includes('json')
    ? await client.chat.completions.create(body)
    : await client.chat.completions
        .stream({ ...body, stream_options: { include_usage: true } })
        .finalChatCompletion();
  const [choice] = told.choices;
  return {
    text: choice?.message.content,
    calls: choice?.message.tool_calls?.map((one) =>
      one.type === 'function' ? [one.id, one.function.name, one.function.arguments] : one,
    ),
    end: choice?.finish_reason,
    tokens: told.usage?.total_tokens,
  };
}

describe.each([
  ['JSON', completion],
  ['a stream', streamed],
])('an answer as %s', (_, answer) => {
  it('is read whole', () => {
    expect(chatDialect.readAnswer(answer)).toEqual({
      text: 'Looking.',
      reasoning: 'Hm.',
      calls: [
        { providerId: 'a', tool: 'bash', arguments: { command: 'rm -rf /' } },
        { providerId: 'b', tool: 'read', arguments: { path: 'x' } },
      ],
      hosted: [],
      use: { model: 'm-1', calls: ['bash', 'read'], tokens: { input: 50, output: 9, cached: 32 } },
    });
  });

  it('is let through as it is where nothing is to change', () => {
    expect(chatDialect.rewrite(answer, { calls: new Map() })).toBe(answer);
  });

  it('has a call replaced, and its client reads the rest as it was', async () => {
    const changed = chatDialect.rewrite(answer, { calls: new Map([['a', { command: 'exit 126' }]]) });
    expect(await seenByClient(changed)).toEqual({
      text: 'Looking.',
      calls: [
        ['a', 'bash', '{"command":"exit 126"}'],
        ['b', 'read', '{"path":"x"}'],
      ],
      end: 'tool_calls',
      tokens: 59,
    });
    expect(chatDialect.readAnswer(changed)).toMatchObject({
      reasoning: 'Hm.',
      use: { tokens: { cached: 32 } },
    });
    expect(changed.body).not.toContain('rm -rf');
  });

  it('has a call taken out, and says why', async () => {
    const changed = chatDialect.rewrite(answer, {
      calls: new Map([['a', 'removed' as const]]),
      say: 'No bash.',
    });
    expect(await seenByClient(changed)).toEqual({
      text: 'Looking.\n\nNo bash.',
      calls: [['b', 'read', '{"path":"x"}']],
      end: 'tool_calls',
      tokens: 59,
    });
  });

  it('has ended by itself where no call is left', async () => {
    const gone = new Map([
      ['a', 'removed' as const],
      ['b', 'removed' as const],
    ]);
    const seen = await seenByClient(chatDialect.rewrite(answer, { calls: gone }));
    expect([seen.text, seen.calls ?? [], seen.end]).toEqual(['Looking.', [], 'stop']);
  });

  it('is asked again with the reasons, where all calls are refused', () => {
    const body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Do it.' }] };
    const again = chatDialect.refused(body, answer, new Map([['a', 'Forbidden.']]));
    expect(again).toEqual({
      model: 'm',
      stream: true,
      messages: [
        { role: 'user', content: 'Do it.' },
        {
          role: 'assistant',
          content: 'Looking.',
          reasoning_content: 'Hm.',
          tool_calls: [call('a', 'bash', { command: 'rm -rf /' }), call('b', 'read', { path: 'x' })],
        },
        { role: 'tool', tool_call_id: 'a', content: 'Forbidden.' },
        { role: 'tool', tool_call_id: 'b', content: 'This call was not made.' },
      ],
    });
    expect(chatDialect.readRequest(again).results.map(({ providerId }) => providerId)).toEqual(['a', 'b']);
  });
});

it('reads what a request asks, and what came back since the last answer', () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
  const request = chatDialect.readRequest({
    model: 'm',
    stream: true,
    max_completion_tokens: 500,
    tools: [
      { type: 'function', function: { name: 'bash', description: 'Runs.', parameters: { type: 'object' } } },
    ],
    messages: [
      { role: 'system', content: 'Be good.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be quick.' }] },
      { role: 'user', content: 'Do it.' },
      { role: 'assistant', content: null, tool_calls: [call('a', 'bash', {}), call('b', 'bash', {})] },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'see' }, image] },
      { role: 'user', content: 'Go on.' },
    ],
  });
  expect(request).toEqual({
    model: 'm',
    stream: true,
    system: 'Be good.\n\nBe quick.',
    opening: 'Do it.',
    said: 'Go on.',
    tools: [{ name: 'bash', description: 'Runs.', inputSchema: { type: 'object' } }],
    results: [
      { providerId: 'a', content: [{ type: 'text', text: 'done' }] },
      {
        providerId: 'b',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image', mimeType: 'image/png', data: 'AAAA' },
        ],
      },
    ],
    answers: 1,
    maxTokens: 500,
  });
});

it('gives calls without ids the same names in an answer and in its results', () => {
  const unnamed = json({
    choices: [
      { finish_reason: 'tool_calls', message: { tool_calls: [call('', 'ls', {}), call('', 'pwd', {})] } },
    ],
  });
  const messages = [
    { role: 'assistant', tool_calls: [call('', 'ls', {}), call('', 'pwd', {})] },
    { role: 'tool', tool_call_id: '', content: '1' },
    { role: 'tool', tool_call_id: '', content: '2' },
  ];
  const ids = chatDialect.readAnswer(unnamed).calls.map(({ providerId }) => providerId);
  expect(ids).toEqual(['call_0', 'call_1']);
  expect(chatDialect.readRequest({ messages }).results.map(({ providerId }) => providerId)).toEqual(ids);
});

it('tells arguments that are no JSON object, and keeps integers that a double can’t hold', () => {
  const odd = (args: string) => ({ id: args, type: 'function', function: { name: 'f', arguments: args } });
  const answer = json({
    choices: [
      {
        finish_reason: 'tool_calls',
        message: { tool_calls: [odd('{"a":'), odd('{"id":12345678901234567890}')] },
      },
    ],
  });
  expect(chatDialect.readAnswer(answer).calls).toMatchObject([
    { arguments: {}, malformed: '{"a":' },
    { exact: '{"id":12345678901234567890}' },
  ]);
});

it('changes a call whose argument is any text in its own form', async () => {
  const patch = { id: 'a', type: 'custom', custom: { name: 'apply_patch', input: '*** Begin Patch' } };
  const answer = json({
    choices: [{ finish_reason: 'tool_calls', message: { content: null, tool_calls: [patch] } }],
  });
  const [read] = chatDialect.readAnswer(answer).calls;
  expect(read).toMatchObject({ tool: 'apply_patch', arguments: { input: '*** Begin Patch' } });
  const changed = chatDialect.rewrite(answer, { calls: new Map([['a', { input: 'nothing' }]]) });
  expect((await seenByClient(changed)).calls).toEqual([
    { ...patch, custom: { name: 'apply_patch', input: 'nothing' } },
  ]);
});

it.each([
  ['an error', json({ error: { message: 'slow down' } }, 429), '429 slow down'],
  ['an error in a stream', stream(chunk({ content: 'a' }), { error: { message: 'broke' } }), 'broke'],
  ['a stream that breaks off', stream(chunk({ content: 'a' })), 'the answer ended before it was complete'],
  ['what is no JSON', { ...json({}), body: '{"a":' }, 'the answer holds what is no JSON object: {"a":'],
  [
    'a page',
    { status: 200, contentType: 'text/html', body: '<html>' },
    'expected a stream or JSON, got text/html',
  ],
])('says of %s why it is no answer', (_, answer, problem) => {
  expect(chatDialect.readAnswer(answer).problem).toBe(problem);
});

it('gives an error as the client expects it', async () => {
  const { url } = await serve(chatDialect.error(400, 'not so'));
  const client = new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: 0 });
  const asked = client.chat.completions.create({ model: 'm', messages: [] });
  await expect(asked).rejects.toMatchObject({
    status: 400,
    type: 'invalid_request_error',
    message: '400 not so',
  });
});
