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

it('refuses what is no chunk', () => {
  expect(() => addChunk(emptyAnswer(), { hello: 'world' })).toThrow('choices');
  expect(() => addChunk(emptyAnswer(), null)).toThrow();
});
