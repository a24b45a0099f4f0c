import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { WireAnswer } from '../../../src/agent/dialect/dialect.ts';
import { responsesDialect } from '../../../src/agent/dialect/responses.ts';
import { json, serve, stream } from './serve.ts';

const usage = {
  input_tokens: 50,
  input_tokens_details: { cached_tokens: 32 },
  output_tokens: 9,
  output_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 59,
};

const reasoning = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [{ type: 'summary_text', text: 'Hm.' }],
  encrypted_content: 'opaque',
};
const message = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Looking.', annotations: [] }],
};
const run = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'a',
  name: 'exec_command',
  arguments: '{"cmd":"rm -rf /"}',
  status: 'completed',
};
const patch = {
  type: 'custom_tool_call',
  id: 'ctc_1',
  call_id: 'b',
  name: 'apply_patch',
  input: '*** Begin Patch',
  status: 'completed',
};
const shell = {
  type: 'local_shell_call',
  id: 'lsh_1',
  call_id: 'c',
  action: { type: 'exec', command: ['rm', '-rf', '/'], env: {} },
  status: 'completed',
};
const items = [reasoning, message, run, patch, shell];

const response = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'm-1',
  status: 'completed',
  output: items,
  usage,
};

/** The events that OpenAI's API gives for a response. */
function streamOf({ output, ...rest }: typeof response, end = 'response.completed'): WireAnswer {
  const events = output.flatMap((item, output_index) => {
    const at = { output_index, item_id: item.id };
    const text = 'content' in item ? item.content[0]?.text : undefined;
    const pieces = (type: string, whole: string, field: string) => [
      ...whole.split(/(?<= )/).map((delta) => ({ type: `response.${type}.delta`, ...at, delta })),
      { type: `response.${type}.done`, ...at, [field]: whole },
    ];
    return [
      {
        type: 'response.output_item.added',
        output_index,
        item: {
          ...item,
          ...('arguments' in item && { arguments: '' }),
          ...('input' in item && { input: '' }),
        },
      },
      ...(text === undefined
        ? []
        : [
            {
              type: 'response.content_part.added',
              ...at,
              content_index: 0,
              part: { type: 'output_text', text: '', annotations: [] },
            },
            ...pieces('output_text', text, 'text').map((event) => ({ ...event, content_index: 0 })),
          ]),
      ...('arguments' in item ? pieces('function_call_arguments', item.arguments, 'arguments') : []),
      ...('input' in item ? pieces('custom_tool_call_input', item.input, 'input') : []),
      { type: 'response.output_item.done', output_index, item },
    ];
  });
  const begun = { ...rest, status: 'in_progress', output: [], usage: null };
  return stream(
    ...[
      { type: 'response.created', response: begun },
      { type: 'response.in_progress', response: begun },
      ...events,
      { type: end, response: { ...rest, output } },
    ].map((event, sequence_number) => ({ ...event, sequence_number })),
  );
}

/** What OpenAI's own client makes of an answer: from its events, and from the response at the end. */
async function seenByClient(answer: WireAnswer) {
  const { url } = await serve(answer);
  const client = new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: 0 });
  if (answer.contentType.includes('json'))
    return shown(await client.responses.create({ model: 'm', input: 'Do it.' }));
  const streamed = client.responses.stream({ model: 'm', input: 'Do it.' });
  const numbers: number[] = [];
  const done: { type: string }[] = [];
  for await (const event of streamed) {
    if ('sequence_number' in event) numbers.push(event.sequence_number);
    if (event.type === 'response.output_item.done') done.push(event.item);
  }
  expect(numbers).toEqual(numbers.map((_, index) => index));
  const final = await streamed.finalResponse();
  expect(done).toMatchObject(final.output.map(({ type }) => ({ type })));
  expect(answer.body).toContain('event: response.completed\n');
  return shown(final);
}

const shown = ({ output, output_text, usage: told }: OpenAI.Responses.Response) => ({
  text: output_text,
  calls: output.flatMap((item) => {
    if (item.type === 'function_call') return [item.arguments];
    if (item.type === 'custom_tool_call') return [item.input];
    return item.type === 'local_shell_call' ? [item.action.command.join(' ')] : [];
  }),
  order: output.map(({ type }) => type),
  tokens: told?.total_tokens,
});

const asList = Object.values({ a: 'exec_command', b: 'apply_patch', c: 'local_shell' });

describe.each([
  ['JSON', json(response)],
  ['a stream', streamOf(response)],
])('a response as %s', (form, answer) => {
  it('is read whole', () => {
    expect(responsesDialect.readAnswer(answer)).toEqual({
      text: 'Looking.',
      reasoning: 'Hm.',
      calls: [
        { providerId: 'a', tool: 'exec_command', arguments: { cmd: 'rm -rf /' } },
        {
          providerId: 'b',
          tool: 'apply_patch',
          arguments: { input: '*** Begin Patch' },
          kind: 'custom_tool_call',
        },
        { providerId: 'c', tool: 'local_shell', arguments: shell.action, kind: 'local_shell_call' },
      ],
      hosted: [],
      responseId: 'resp_1',
      use: { model: 'm-1', calls: asList, tokens: { input: 50, output: 9, cached: 32, reasoning: 4 } },
    });
  });

  it('is let through as it is where nothing is to change', () => {
    expect(responsesDialect.rewrite(answer, { calls: new Map() })).toBe(answer);
  });

  it('has calls of each kind replaced, and its client reads the rest as it was', async () => {
    const changed = responsesDialect.rewrite(answer, {
      calls: new Map([
        ['a', { cmd: 'exit 126' }],
        ['b', { input: 'nothing' }],
        ['c', { ...shell.action, command: ['false'] }],
      ]),
    });
    expect(await seenByClient(changed)).toEqual({
      text: 'Looking.',
      calls: ['{"cmd":"exit 126"}', 'nothing', 'false'],
      order: items.map(({ type }) => type),
      tokens: 59,
    });
    expect(changed.body).not.toContain('rm');
    expect(changed.body).toContain('opaque');
  });

  it('has calls taken out, and says why before those that are left', async () => {
    const calls = new Map([
      ['a', 'removed' as const],
      ['c', 'removed' as const],
    ]);
    expect(await seenByClient(responsesDialect.rewrite(answer, { calls, say: ' No shell.' }))).toEqual({
      text: 'Looking. No shell.',
      calls: ['*** Begin Patch'],
      order: ['reasoning', 'message', 'message', 'custom_tool_call'],
      tokens: 59,
    });
  });

  it('is asked again with its items and the reasons, each in the form of its call', () => {
    const reasons = new Map(['a', 'b', 'c'].map((id) => [id, `No ${id}.`]));
    expect(responsesDialect.refused({ model: 'm', input: 'Do it.' }, answer, reasons)).toEqual({
      model: 'm',
      input: [
        { role: 'user', content: 'Do it.' },
        ...items,
        { type: 'function_call_output', call_id: 'a', output: 'No a.' },
        { type: 'custom_tool_call_output', call_id: 'b', output: 'No b.' },
        { type: 'local_shell_call_output', id: 'c', output: 'No c.' },
      ],
    });
  });

  it('is continued by its id where the program does so', () => {
    const body = { model: 'm', previous_response_id: 'resp_0', input: 'Go on.' };
    const again = responsesDialect.refused(body, answer, new Map());
    expect(again).toMatchObject({
      previous_response_id: 'resp_1',
      input: [{ call_id: 'a' }, { call_id: 'b' }, { id: 'c' }],
    });
    expect(form).toBeDefined();
  });
});

it('gives the endpoint the results that it waits for, where the program refers to an answer that had calls taken out', () => {
  const call = { providerId: 'a', tool: 'exec_command', arguments: {} };
  const output = { type: 'function_call_output', call_id: 'b', output: 'ok' };
  const owed = [{ call, reason: 'Forbidden.' }];
  const continued = { model: 'm', previous_response_id: 'resp_1', input: [output] };
  expect(responsesDialect.withOwed(continued, owed).input).toEqual([
    { type: 'function_call_output', call_id: 'a', output: 'Forbidden.' },
    output,
  ]);
  const whole = { model: 'm', input: [output] };
  expect(responsesDialect.withOwed(whole, owed)).toBe(whole);
});

it('reads what Codex asks, and what came back since the last answer', () => {
  const said = (role: string, text: string) => ({
    type: 'message',
    role,
    content: [{ type: 'input_text', text }],
  });
  const request = responsesDialect.readRequest({
    model: 'gpt-5',
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    tools: [
      { type: 'function', name: 'exec_command', description: 'Runs.', parameters: { type: 'object' } },
      { type: 'namespace', name: 'multi_agent_v1', tools: [{ type: 'function', name: 'spawn_agent' }] },
      { type: 'namespace', name: 'mcp__desk__', tools: [{ type: 'function', name: 'lookup' }] },
      { type: 'web_search', external_web_access: true },
    ],
    input: [
      said('developer', 'You are Codex.'),
      said('user', '<environment_context/>'),
      said('user', 'Do it.'),
      { ...reasoning, content: null },
      run,
      { type: 'function_call_output', call_id: 'old', output: 'old' },
      { ...run, call_id: 'a' },
      { ...run, call_id: 'b' },
      { type: 'function_call_output', id: 'fco_1', call_id: 'a', output: 'done' },
      {
        type: 'function_call_output',
        call_id: 'b',
        output: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
      },
    ],
  });
  expect(request).toMatchObject({
    system: 'You are Codex.',
    opening: '<environment_context/>\n\nDo it.',
    said: '',
    answers: 2,
    results: [
      { providerId: 'a', content: [{ type: 'text', text: 'done' }] },
      { providerId: 'b', content: [{ type: 'image', mimeType: 'image/png', data: 'AAAA' }] },
    ],
  });
  expect(request.tools.map(({ name, hosted = false }) => [name, hosted])).toEqual([
    ['exec_command', false],
    ['multi_agent_v1.spawn_agent', false],
    ['mcp__desk__lookup', false],
    ['web_search', true],
  ]);
});

it('tells calls that the provider ran itself apart', () => {
  const search = {
    type: 'web_search_call',
    id: 'ws_1',
    status: 'completed',
    action: { type: 'search', query: 'x' },
  };
  const container = {
    type: 'shell_call',
    id: 'sh',
    call_id: 's',
    action: { commands: ['ls'] },
    environment: { type: 'container_reference' },
  };
  const answer = json({ ...response, output: [search, container, message] });
  expect(responsesDialect.readAnswer(answer)).toMatchObject({
    calls: [],
    hosted: ['web_search_call', 'shell_call'],
  });
});

it('reads an answer that was cut, one that was filtered, and one that failed', () => {
  const cut = (reason: string) => ({ ...response, status: 'incomplete', incomplete_details: { reason } });
  const read = (body: object) => responsesDialect.readAnswer(json(body));
  expect(read(cut('max_output_tokens')).stop).toBe('truncated');
  expect(read(cut('content_filter')).stop).toBe('refused');
  expect(read({ ...response, status: 'failed', error: { message: 'broke' } }).problem).toBe('broke');
  const broken = streamOf(response).body.split('event: response.completed')[0] ?? '';
  expect(responsesDialect.readAnswer({ ...streamOf(response), body: broken })).toMatchObject({
    calls: [{}, {}, {}],
    problem: 'the answer ended before it was complete',
  });
});

it('takes no request for an answer in the background, which would be fetched later', () => {
  expect(responsesDialect.readRequest({ background: true, input: 'x' }).unsupported).toContain('background');
});
