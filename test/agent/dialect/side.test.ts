import { expect, it } from 'vitest';
import { chatDialect } from '../../../src/agent/dialect/chat.ts';
import { messagesDialect } from '../../../src/agent/dialect/messages.ts';
import { responsesDialect } from '../../../src/agent/dialect/responses.ts';
import { sideOf } from '../../../src/agent/dialect/side.ts';

const tools = [{ type: 'function', function: { name: 'bash' } }];
const chat = (system: string, user: string, over: object = {}) =>
  chatDialect.readRequest({
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    ...over,
  });
const main = chat('You are opencode.', 'Write hello to out.txt', { tools });

it.each([
  [
    'OpenCode’s title',
    chat(
      'You are a title generator. You output ONLY a thread title. Nothing else.',
      'Generate a title for this conversation:',
    ),
    'title',
  ],
  [
    'Claude Code’s title',
    messagesDialect.readRequest({
      system: [
        { type: 'text', text: 'You are a Claude agent.' },
        {
          type: 'text',
          text: 'Generate a concise, sentence-case title (3-7 words) that captures the main topic.',
        },
      ],
      messages: [{ role: 'user', content: '<session>\nWrite hello\n</session>' }],
    }),
    'title',
  ],
  [
    'a title that is asked for in the user’s words',
    chat('', 'Write a short title for this session: hello'),
    'title',
  ],
  [
    'OpenCode’s compaction',
    chat('You are a helpful AI assistant tasked with summarizing conversations.', 'hello'),
    'compaction',
  ],
  [
    'Codex’s compaction',
    responsesDialect.readRequest({
      input: [{ role: 'user', content: 'hello' }, { type: 'compaction_trigger' }],
    }),
    'compaction',
  ],
  [
    'Claude Code’s compaction, which ends the main conversation',
    messagesDialect.readRequest({
      system: 'You are opencode.',
      messages: [
        { role: 'user', content: 'Write hello to out.txt' },
        { role: 'assistant', content: 'Done.' },
        { role: 'user', content: 'Your task is to create a detailed summary of the conversation so far.' },
      ],
    }),
    'compaction',
  ],
  [
    'a question without tools beside a conversation that has some',
    chat('You are a judge.', 'Is this safe?'),
    'other',
  ],
])('tells %s', (_, asked, side) => {
  expect(sideOf(asked, { main })).toBe(side);
});

it('tells a subagent by the call that is its task', () => {
  const task = 'Find every file that says hello.';
  const asked = chat('You are an explorer.', `<context/>\n\n${task}`, { tools });
  expect(sideOf(asked, { main, running: [{ description: 'x', prompt: task }] })).toBe('subagent');
  expect(sideOf(asked, { main, running: [{ command: 'ls' }] })).toBeUndefined();
});

it.each([
  ['the first conversation', main, {}],
  ['the main conversation', main, { main }],
  [
    'a task about titles and summaries',
    chat('You are opencode.', 'Generate a title for this conversation log.', { tools }),
    {},
  ],
  ['a program that has no tools at all', chat('Answer.', 'What is 2 + 2?'), {}],
])('takes %s for one that decides', (_, asked, known) => {
  expect(sideOf(asked, known)).toBeUndefined();
});
