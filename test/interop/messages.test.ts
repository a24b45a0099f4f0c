import { describe, expect, it } from 'vitest';
import { recordsIn } from '../../src/interop/record.ts';
import { imported } from './scored.ts';

const call = (id: string | null, name: string, args: unknown) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const told = (id: string | null, content: string) => ({ role: 'tool', tool_call_id: id, content });
const asked = (...tool_calls: unknown[]) => ({ role: 'assistant', content: null, tool_calls });
const user = { role: 'user', content: 'Compare both.' };

function recordsOf(text: string, path = 'chat.json') {
  const name = path.replace(/\.\w+$/, '');
  return recordsIn('messages', { path, name, bytes: Buffer.from(text), image: () => undefined });
}

function read(value: unknown) {
  const [record] = recordsOf(JSON.stringify(value));
  if (!record) throw new Error('no record');
  const foreign = record.read();
  const { trial, score } = imported(foreign);
  const calls = trial.steps.flatMap((step) => step.calls);
  const texts = calls.map(({ returned }) => returned?.content.map((one) => 'text' in one && one.text).join());
  return { trial, score, calls, texts, losses: foreign.losses };
}

const request = {
  model: 'acme',
  messages: [
    { role: 'system', content: 'You are a clerk.' },
    { role: 'user', content: [{ type: 'text', text: 'Close the account.' }] },
    asked(call('a', 'look', '{"id":1}'), call('b', 'look', '{')),
    told('a', 'found'),
    told('b', 'bad arguments'),
    { role: 'assistant', content: 'Shall I?' },
    { role: 'user', content: 'Yes.' },
    { role: 'assistant', content: 'Closed.' },
  ],
};

it('reads a conversation as a trial whose steps are the assistant’s messages', () => {
  const { trial, score } = read(request);
  expect(trial.started.task).toMatchObject({
    name: 'chat',
    guidance: 'You are a clerk.',
    instruction: 'Close the account.',
  });
  expect(trial.steps.map(({ calls }) => calls.length)).toEqual([2, 0, 0]);
  expect(trial.steps[0]?.calls[1]).toMatchObject({ malformed: '{', returned: { isError: false } });
  expect(trial.steps[1]?.notice).toBe('Yes.');
  expect(trial.ended?.answer).toBe('Closed.');
  expect(score.completion.reward).toEqual({ unscored: 'no verifier answered' });
});

it('keeps tokens, cost and times of messages and of the whole', () => {
  const usage = {
    prompt_tokens: 90,
    completion_tokens: 10,
    prompt_tokens_details: { cached_tokens: 40 },
    cost: 0.5,
  };
  const [first, last] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:05Z'];
  const answer = { role: 'assistant', content: 'Done.', timestamp: last, usage };
  const { trial } = read({ created: Date.parse(first) / 1000, messages: [user, answer] });
  expect(trial.steps[0]?.decision).toMatchObject({
    usage: { input: 90, output: 10, cached: 40 },
    costUsd: 0.5,
  });
  expect(trial.ended).toMatchObject({
    usage: { input: 90, output: 10, cached: 40 },
    costUsd: 0.5,
    durationMs: 5000,
  });
});

describe('other shapes of a conversation', () => {
  it('are Anthropic’s blocks, whose input tokens leave the cached ones out', () => {
    const { trial, calls, texts } = read({
      system: 'Be brief.',
      tools: [{ name: 'bash', description: 'A shell', input_schema: { type: 'object' } }],
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.' },
            { type: 'text', text: 'ok' },
            { type: 'tool_use', id: 't', name: 'bash', input: { command: 'rm -rf /' } },
          ],
          usage: { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 2 },
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't',
              content: [{ type: 'text', text: 'refused' }],
              is_error: true,
            },
            { type: 'text', text: 'Go on.' },
          ],
        },
      ],
    });
    expect(calls).toMatchObject([
      { tool: 'bash', arguments: '{"command":"rm -rf /"}', returned: { isError: true } },
    ]);
    expect(texts).toEqual(['refused']);
    expect(trial.steps[0]).toMatchObject({
      notice: 'Go on.',
      decision: { text: 'ok', reasoning: 'Hm.', usage: { input: 12, output: 2, cached: 7 } },
    });
    expect(trial.tools).toMatchObject([
      { name: 'bash', description: 'A shell', inputSchema: { type: 'object' } },
    ]);
    expect(trial.started.task.guidance).toBe('Be brief.');
  });

  it('are items of the Responses API, of which those that follow one another are one step', () => {
    const { trial, texts } = read({
      input: 'Clean up',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Two.' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        { type: 'function_call', call_id: 'a', name: 'list', arguments: '{"in":"x"}' },
        { type: 'local_shell_call', call_id: 'b', action: { command: ['ls'] } },
        { type: 'function_call_output', call_id: 'b', output: 'two' },
        { type: 'function_call_output', call_id: 'a', output: 'one' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Done.' }] },
      ],
    });
    expect(texts).toEqual(['one', 'two']);
    expect(trial.steps).toMatchObject([
      {
        decision: { text: 'I look.', reasoning: 'Two.' },
        calls: [{ tool: 'list' }, { tool: 'local_shell' }],
      },
      { decision: { text: 'Done.' } },
    ]);
  });

  it('are a bare list of messages, and functions as they were called before tools', () => {
    const { calls, texts } = read([
      user,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"x":1}' } },
      { role: 'function', name: 'f', content: 'y' },
    ]);
    expect(calls).toMatchObject([{ tool: 'f', arguments: '{"x":1}' }]);
    expect(texts).toEqual(['y']);
  });
});

describe('a file of several', () => {
  const said = (text: string) => ({ messages: [user, { role: 'assistant', content: text }] });

  it('is one trial per line or per element, and a broken line is named and leaves the others', () => {
    const lines = [JSON.stringify(said('one')), '{"messages": [', JSON.stringify(said('two'))].join('\n');
    const [first, broken, third] = recordsOf(lines, 'all.jsonl');
    expect([first?.read().task, third?.read().task]).toEqual(['all:1', 'all:3']);
    expect(() => broken?.read()).toThrow(/^all\.jsonl:2: expected JSON/);
    expect(recordsOf(JSON.stringify([said('one'), said('two')]))).toHaveLength(2);
  });

  it('is one conversation where each line is a message', () => {
    const [only, ...others] = recordsOf(
      [user, { role: 'assistant', content: 'ok' }].map((one) => JSON.stringify(one)).join('\n'),
    );
    expect(others).toEqual([]);
    expect(only?.read().steps).toMatchObject([{ text: 'ok' }]);
  });

  it('is refused with the place and what was expected', () => {
    const [record] = recordsOf('[{"role":"robot"}]');
    expect(() => record?.read()).toThrow(/^chat\.json(\[0\])?: /);
    expect(() => recordsOf('{')).toThrow(/^chat\.json: expected JSON/);
  });
});

describe('answers without an id of their own', () => {
  it('belong to the calls in their order where there are as many', () => {
    for (const id of ['', null, 'same']) {
      const { texts, losses } = read([
        user,
        asked(call(id, 'f', '{}'), call(id, 'g', {})),
        told(id, 'A'),
        told(id, 'B'),
      ]);
      expect(texts).toEqual(['A', 'B']);
      expect(losses).toEqual([]);
    }
  });

  it('belong to the call of the tool that they name', () => {
    const { texts } = read([
      user,
      asked(call('', 'f', '{}'), call('', 'g', '{}')),
      { ...told('', 'of g'), name: 'g' },
      { ...told('', 'of f'), name: 'f' },
    ]);
    expect(texts).toEqual(['of f', 'of g']);
  });

  it('are lost by name where it is in doubt whose they are', () => {
    const { texts, losses } = read([
      user,
      asked(call('', 'f', '{}'), call('', 'f', '{}')),
      told('', 'whose?'),
    ]);
    expect(texts).toEqual([undefined, undefined]);
    expect(losses).toEqual(['messages[2] (an answer to no one call)']);
  });

  it('are lost by name where nothing was called, or by another id', () => {
    const say = { role: 'assistant', content: 'I look.' };
    expect(read([user, say, told('c9', 'secret')]).losses).toEqual([
      'messages[2] (an answer to no one call)',
    ]);
    const other = read([user, asked(call('a', 'f', '{}')), told('b', 'x')]);
    expect(other).toMatchObject({ texts: [undefined], losses: ['messages[2] (an answer to no one call)'] });
  });

  it('are told from those of an earlier step that used the same id', () => {
    const { texts } = read([
      user,
      asked(call('1', 'f', '{}')),
      told('1', 'first'),
      asked(call('1', 'f', '{}')),
      told('1', 'second'),
    ]);
    expect(texts).toEqual(['first', 'second']);
  });
});
