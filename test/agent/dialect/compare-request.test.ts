import { expect, it } from 'vitest';
import { chatDialect } from '../../../src/agent/dialect/chat.ts';
import { requestDifference } from '../../../src/agent/dialect/compare-request.ts';
import { conversationOf } from '../../../src/agent/dialect/conversation.ts';
import { masked } from '../../../src/agent/dialect/mask.ts';

it.each([
  ['session 01a22e50-4711-70a2-bb2e-65ad286d9aee', 'session {id}'],
  ['Chunk ID: 4c7d6d', 'Chunk ID: {id}'],
  ['commit 9afffb3 by me', 'commit {id} by me'],
  ['call_1 to call_abc12', 'call_1 to {id}'],
  ['today is 2026-11-30', 'today is {time}'],
  ['at 2026-11-30T21:01:55.123Z, at 21:01:55', 'at {time}, at {time}'],
  ['Mon Nov 30 21:01:55 UTC 2026', '{time}'],
  ['Today’s date is Monday, November 30, 2026 (formatted)', 'Today’s date is {time} (formatted)'],
  ['Wall time: 0.0012 seconds, took 15ms', 'Wall time: {time}, took {time}'],
  ['turn_started 1796073342808', 'turn_started {time}'],
  ['saved in /tmp/tmp.aB3x/out.txt.', 'saved in {path}'],
  ['at http://127.0.0.1:41414/v1', 'at http://127.0.0.1:{port}/v1'],
  ['Process Group PGID: 32728', 'Process Group PGID: {id}'],
  ['hello-42 in 3 files of 2048 bytes, v1.18.33', 'hello-42 in 3 files of 2048 bytes, v1.18.33'],
  ['may be decades, 100000 feedback', 'may be decades, 100000 feedback'],
])('masks what is never twice the same in %j', (text, mask) => {
  expect(masked(text)).toBe(mask);
});

const request = (result: string, over: object = {}) => ({
  model: 'm',
  prompt_cache_key: result,
  messages: [
    { role: 'system', content: 'Today is 2026-11-30.' },
    { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: result }] },
  ],
  ...over,
});

it('takes requests for the same that differ in ids, times, paths and what says nothing', () => {
  const later = request('took 4 s, id 77ab12', { metadata: { session: 'x' } });
  expect(requestDifference(request('took 3 s, id 4c7d6d'), later)).toBeUndefined();
});

it('names the first place where requests differ, and what stands there', () => {
  expect(requestDifference(request('hello'), request('goodbye'))).toEqual({
    path: 'messages[1].content[0].text',
    recorded: 'hello',
    now: 'goodbye',
  });
  const long = 'x'.repeat(500);
  expect(requestDifference(request(`${long}a`), request(`${long}b`))).toEqual({
    path: 'messages[1].content[0].text',
    recorded: `…${'x'.repeat(30)}a`,
    now: `…${'x'.repeat(30)}b`,
  });
});

it('says where one of them has nothing', () => {
  expect(requestDifference({ messages: ['a', 'b'] }, { messages: ['a'] })).toEqual({
    path: 'messages[1]',
    recorded: 'b',
  });
  expect(requestDifference({}, { tools: [] })).toEqual({ path: 'tools', now: '[]' });
  expect(requestDifference({ content: null }, {})).toBeUndefined();
});

it('lets the model differ where it is asked to', () => {
  const other = request('x', { model: 'other' });
  expect(requestDifference(request('x'), other)).toMatchObject({
    path: 'model',
    recorded: 'm',
    now: 'other',
  });
  expect(requestDifference(request('x'), other, ['model'])).toBeUndefined();
});

it('takes a conversation for the same on another day, and not for one with another task', () => {
  const begun = (date: string, task: string) =>
    conversationOf(
      chatDialect,
      chatDialect.readRequest({
        messages: [
          { role: 'system', content: date },
          { role: 'user', content: task },
        ],
      }),
    );
  expect(begun('2026-11-30', 'Do it.')).toBe(begun('2027-01-02', 'Do it.'));
  expect(begun('2026-11-30', 'Do it.')).not.toBe(begun('2026-11-30', 'Do that.'));
});
