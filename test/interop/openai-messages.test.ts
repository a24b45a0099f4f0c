import { expect, it } from 'vitest';
import { openaiMessages, trialOfMessages } from '../../src/interop/openai-messages.ts';
import { imported } from './scored.ts';

const call = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

const request = {
  model: 'acme',
  messages: [
    { role: 'system', content: 'You are a clerk.' },
    { role: 'user', content: [{ type: 'text', text: 'Close the account.' }] },
    { role: 'assistant', content: null, tool_calls: [call('a', 'look', '{"id":1}'), call('b', 'look', '{')] },
    { role: 'tool', tool_call_id: 'a', content: 'found' },
    { role: 'tool', tool_call_id: 'b', content: 'bad arguments' },
    { role: 'assistant', content: 'Shall I?' },
    { role: 'user', content: 'Yes.' },
    { role: 'assistant', content: 'Closed.' },
  ],
};

it('reads a conversation as a trial whose steps are the assistant’s messages', () => {
  const { trial, score } = imported(trialOfMessages(openaiMessages.parse(request), 'chat'));
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

it('takes a bare list of messages too, and refuses what is none', () => {
  expect(openaiMessages.safeParse(request.messages).success).toBe(true);
  expect(openaiMessages.safeParse([{ role: 'robot' }]).success).toBe(false);
});
