import { expect, it } from 'vitest';
import { addChunk, emptyAnswer } from '../../../src/agent/openai/answer.ts';

function gathered(...deltas: object[]) {
  const answer = emptyAnswer();
  for (const delta of deltas) addChunk(answer, { choices: [{ delta, finish_reason: null }] });
  return answer;
}

const callDelta = (index: number | undefined, id: string | undefined, name: string, args: string) => ({
  tool_calls: [{ ...(index !== undefined && { index }), id, function: { name, arguments: args } }],
});

it('gathers interleaved calls by their index', () => {
  const { calls } = gathered(
    callDelta(0, 'a', 'one', '{"x"'),
    callDelta(1, 'b', 'two', '{'),
    callDelta(0, undefined, '', ':1}'),
    callDelta(1, undefined, '', '}'),
  );
  expect(calls).toMatchObject([
    { id: 'a', name: 'one', arguments: '{"x":1}' },
    { id: 'b', name: 'two', arguments: '{}' },
  ]);
});

it.each([
  ['the same index', 0],
  ['no index', undefined],
])('tells calls apart that come with %s', (_, index) => {
  const { calls } = gathered(callDelta(index, 'a', 'one', '{}'), callDelta(index, 'b', 'two', '{}'));
  expect(calls).toMatchObject([{ name: 'one' }, { name: 'two' }]);
});

it('puts reasoning details together by their index, signature included', () => {
  const detail = (part: object) => ({ reasoning_details: [{ type: 'reasoning.text', index: 0, ...part }] });
  const { reasoning } = gathered(
    detail({ text: 'Let me ' }),
    detail({ text: 'see.' }),
    detail({ signature: 'abc' }),
    { reasoning_details: [{ type: 'reasoning.encrypted', index: 1, data: 'xyz' }] },
  );
  expect(reasoning.reasoning_details).toEqual([
    { type: 'reasoning.text', index: 0, text: 'Let me see.', signature: 'abc' },
    { type: 'reasoning.encrypted', index: 1, data: 'xyz' },
  ]);
});

const part = (parts: object) => ({ tool_calls: [{ type: 'function', ...parts }] });
const named = (args: string, name = 'bash') => ({ function: { name, arguments: args } });
const one = { name: 'bash', arguments: '{"command":"one"}' };
const two = { name: 'bash', arguments: '{"command":"two"}' };
const [begin, end] = ['{"comma', 'nd":"one"}'];

it.each<[string, object[], object[]]>([
  [
    'no ids, all of the same index',
    [part({ index: 0, id: '', function: one }), part({ index: 0, id: '', function: two })],
    [one, two],
  ],
  ['neither ids nor indexes', [part({ function: one }), part({ function: two })], [one, two]],
  [
    'null for ids and indexes',
    [part({ index: null, id: null, function: one }), part({ index: null, id: null, function: two })],
    [one, two],
  ],
  [
    'the same id',
    [part({ index: 0, id: 'a', function: one }), part({ index: 1, id: 'a', function: two })],
    [one, two],
  ],
  [
    'the same id and index',
    [part({ index: 0, id: 'a', function: one }), part({ index: 0, id: 'a', function: two })],
    [one, two],
  ],
  [
    'a name with every part',
    [part({ index: 0, id: 'a', ...named(begin) }), part({ index: 0, id: 'a', ...named(end) })],
    [one],
  ],
  ['a name with every part and no id', [part({ ...named(begin) }), part({ ...named(end) })], [one]],
  [
    'another id with every part',
    [part({ index: 0, id: 'a', ...named(begin) }), part({ index: 0, id: 'b', function: { arguments: end } })],
    [one],
  ],
  [
    'the whole call again at the end',
    [part({ index: 0, id: 'a', function: one }), part({ index: 0, id: 'a', function: one })],
    [one],
  ],
  [
    'no arguments, one after the other',
    [part({ index: 0, ...named('', 'list') }), part({ index: 0, ...named('', 'now') })],
    [{ name: 'list' }, { name: 'now' }],
  ],
  [
    'arguments that are an object',
    [part({ index: 0, function: { name: 'bash', arguments: { command: 'one' } } })],
    [one],
  ],
  [
    'the call in the field of old servers',
    [{ function_call: { name: 'bash', arguments: begin } }, { function_call: { arguments: end } }],
    [one],
  ],
])('joins what comes with %s', (_, deltas, calls) => {
  const answer = gathered(...deltas);
  expect(answer.calls).toHaveLength(calls.length);
  expect(answer.calls).toMatchObject(calls);
});

it('reads content in parts: texts, thoughts and refusals', () => {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
    { type: 'text', text: 'On ' },
    { type: 'output_text', text: 'it.' },
    { type: 'refusal', refusal: 'No.' },
  ];
  expect(gathered({ content })).toMatchObject({ text: 'On it.', thoughts: 'Hm.', refusal: 'No.' });
});

it('takes a whole message once, also where it ends a stream', () => {
  const answer = gathered({ content: 'Done', ...part({ index: 0, id: 'a', function: one }) });
  const message = { content: 'Done', ...part({ id: 'a', function: one }) };
  addChunk(answer, { choices: [{ delta: {}, message, finish_reason: 'tool_calls' }] });
  expect(answer).toMatchObject({ text: 'Done', calls: [one], finishReason: 'tool_calls' });
  expect(answer.calls).toHaveLength(1);
});

it('passes over chunks that hold nothing, and refuses what is no object', () => {
  const answer = emptyAnswer();
  addChunk(answer, { object: 'ping' });
  addChunk(answer, { choices: null, usage: null });
  expect(answer).toEqual(emptyAnswer());
  expect(() => addChunk(answer, null)).toThrow('expected an object');
});
