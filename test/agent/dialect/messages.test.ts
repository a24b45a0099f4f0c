import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import type { WireAnswer } from '../../../src/agent/dialect/dialect.ts';
import { messagesDialect } from '../../../src/agent/dialect/messages.ts';
import type { JsonObject } from '../../../src/schema/json.ts';
import { json, serve, stream } from './serve.ts';

const usage = {
  input_tokens: 10,
  cache_read_input_tokens: 30,
  cache_creation_input_tokens: 5,
  output_tokens: 9,
};
const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'sealed' };
const text = { type: 'text', text: 'Looking.' };
const use = (id: string, name: string, input: JsonObject) => ({ type: 'tool_use', id, name, input });
const run = use('a', 'Bash', { command: 'rm -rf /' });
const look = use('b', 'Read', { file_path: 'x' });
const content = [thinking, text, run, look];

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm-1',
  content,
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage,
};

const delta = (index: number, piece: object) => ({ type: 'content_block_delta', index, delta: piece });
const block = (index: number, start: object, ...pieces: object[]) => [
  { type: 'content_block_start', index, content_block: start },
  ...pieces.map((piece) => delta(index, piece)),
  { type: 'content_block_stop', index },
];

const streamed = stream(
  {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  },
  { type: 'ping' },
  ...block(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking: 'Hm.' },
    { type: 'signature_delta', signature: 'sealed' },
  ),
  ...block(
    1,
    { type: 'text', text: '' },
    { type: 'text_delta', text: 'Look' },
    { type: 'text_delta', text: 'ing.' },
  ),
  ...block(
    2,
    { ...run, input: {} },
    { type: 'input_json_delta', partial_json: '' },
    { type: 'input_json_delta', partial_json: '{"command": "rm' },
    { type: 'input_json_delta', partial_json: ' -rf /"}' },
  ),
  ...block(3, { ...look, input: {} }, { type: 'input_json_delta', partial_json: '{"file_path":"x"}' }),
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { output_tokens: 9 },
  },
  { type: 'message_stop' },
);

/** What Anthropic's own client makes of an answer. */
async function seenByClient(answer: WireAnswer) {
  const { url } = await serve(answer);
  const client = new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 });
  const body = { model: 'm', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Do it.' }] };
  const told = answer.contentType.includes('json')
    ? await client.messages.create(body)
    : await client.messages.stream(body).finalMessage();
  return { content: told.content, end: told.stop_reason, output: told.usage.output_tokens };
}

describe.each([
  ['JSON', json(message)],
  ['a stream', streamed],
])('a message as %s', (_, answer) => {
  it('is read whole, with what was read from the cache and written to it', () => {
    expect(messagesDialect.readAnswer(answer)).toEqual({
      text: 'Looking.',
      reasoning: 'Hm.',
      calls: [
        { providerId: 'a', tool: 'Bash', arguments: { command: 'rm -rf /' } },
        { providerId: 'b', tool: 'Read', arguments: { file_path: 'x' } },
      ],
      hosted: [],
      use: { model: 'm-1', calls: ['Bash', 'Read'], tokens: { input: 45, output: 9, cached: 30 } },
    });
  });

  it('is let through as it is where nothing is to change', () => {
    expect(messagesDialect.rewrite(answer, { calls: new Map() })).toBe(answer);
  });

  it('has a call replaced, and its client reads the rest as it was, signatures too', async () => {
    const changed = messagesDialect.rewrite(answer, { calls: new Map([['a', { command: 'exit 126' }]]) });
    expect(await seenByClient(changed)).toEqual({
      content: [thinking, text, { ...run, input: { command: 'exit 126' } }, look],
      end: 'tool_use',
      output: 9,
    });
    expect(changed.body).not.toContain('rm');
  });

  it('has a call taken out, and says why before those that are left', async () => {
    const changed = messagesDialect.rewrite(answer, {
      calls: new Map([['a', 'removed' as const]]),
      say: 'No Bash.',
    });
    expect(await seenByClient(changed)).toEqual({
      content: [thinking, text, { type: 'text', text: 'No Bash.' }, look],
      end: 'tool_use',
      output: 9,
    });
  });

  it('has ended by itself where no call is left', async () => {
    const gone = new Map([
      ['a', 'removed' as const],
      ['b', 'removed' as const],
    ]);
    const seen = await seenByClient(messagesDialect.rewrite(answer, { calls: gone }));
    expect(seen).toEqual({ content: [thinking, text], end: 'end_turn', output: 9 });
  });

  it('is asked again with its blocks and the reasons, where all calls are refused', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Do it.' }] };
    const again = messagesDialect.refused(body, answer, new Map([['a', 'Forbidden.']]));
    const result = (id: string, why: string) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: why,
      is_error: true,
    });
    expect(again.messages).toEqual([
      { role: 'user', content: 'Do it.' },
      { role: 'assistant', content },
      { role: 'user', content: [result('a', 'Forbidden.'), result('b', 'This call was not made.')] },
    ]);
    expect(messagesDialect.readRequest(again).results).toMatchObject([
      { providerId: 'a', isError: true },
      {},
    ]);
  });
});

it('reads what Claude Code asks, and what came back since the last answer', () => {
  const request = messagesDialect.readRequest({
    model: 'm',
    stream: true,
    max_tokens: 64_000,
    system: [{ type: 'text', text: 'You are an agent.', cache_control: { type: 'ephemeral' } }],
    tools: [
      { name: 'Bash', description: 'Runs.', input_schema: { type: 'object' } },
      { type: 'web_search_20250305', name: 'web_search' },
      { type: 'bash_20250124', name: 'bash' },
    ],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Do it.' }] },
      { role: 'system', content: 'Agents: none.' },
      { role: 'assistant', content: [thinking, run] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'a',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
          },
          { type: 'tool_result', tool_use_id: 'b', content: 'no', is_error: true },
          { type: 'text', text: 'A reminder.' },
        ],
      },
    ],
  });
  expect(request).toEqual({
    model: 'm',
    stream: true,
    system: 'You are an agent.\n\nAgents: none.',
    opening: 'Do it.',
    said: 'A reminder.',
    answers: 1,
    maxTokens: 64_000,
    tools: [
      { name: 'Bash', description: 'Runs.', inputSchema: { type: 'object' } },
      { name: 'web_search', description: '', inputSchema: {}, hosted: true },
      { name: 'bash', description: '', inputSchema: {} },
    ],
    results: [
      { providerId: 'a', content: [{ type: 'image', mimeType: 'image/png', data: 'AAAA' }] },
      { providerId: 'b', content: [{ type: 'text', text: 'no' }], isError: true },
    ],
  });
});

it('tells calls that the provider ran itself apart', () => {
  const blocks = [
    { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
    { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
    text,
  ];
  const answer = json({ ...message, content: blocks, stop_reason: 'end_turn' });
  expect(messagesDialect.readAnswer(answer)).toMatchObject({ calls: [], hosted: ['web_search'] });
});

it.each([
  ['an error', messagesDialect.error(529, 'busy'), '529 busy'],
  [
    'an error in a stream',
    stream({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } }),
    'busy',
  ],
  [
    'a stream that breaks off',
    stream({ type: 'message_start', message }),
    'the answer ended before it was complete',
  ],
])('says of %s why it is no answer', (_, answer, problem) => {
  expect(
    messagesDialect.readAnswer({ ...answer, body: answer.body.replace('"tool_use"', 'null') }).problem,
  ).toBe(problem);
});

it('gives an error as the client expects it', async () => {
  const { url } = await serve(messagesDialect.error(402, 'not so'));
  const client = new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 });
  const asked = client.messages.create({ model: 'm', max_tokens: 1, messages: [] });
  await expect(asked).rejects.toMatchObject({ status: 402, type: 'billing_error' });
});
