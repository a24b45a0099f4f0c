import { expect, it } from 'vitest';
import { parseWrapper } from '../../../src/agent/wrapper/parse-wrapper.ts';

it.each([
  ['vote(3, openai:gpt-4.1)', { wrapper: 'vote', count: 3, agent: 'openai:gpt-4.1' }],
  ['retry(1,vote(2, ./a.ts))', { wrapper: 'retry', count: 1, agent: 'vote(2, ./a.ts)' }],
  ['escalate(vote(2, nop), oracle)', { wrapper: 'escalate', first: 'vote(2, nop)', second: 'oracle' }],
])('takes %s apart', (text, named) => {
  expect(parseWrapper(text)).toEqual(named);
});

it.each(['openai:gpt(4)x', 'nop', 'external:sh -c "f(1)"', 'external:f(1)', './a.ts'])(
  'is not meant by %s',
  (text) => {
    expect(parseWrapper(text)).toBeUndefined();
  },
);

it.each([
  ['vote(1, nop)', "'vote' needs a whole number from 2 to 100, a comma and an agent"],
  ['vote(nop)', "'vote' needs a whole number from 2 to 100, a comma and an agent"],
  ['escalate(nop)', "'escalate' needs two agents with a comma between"],
  ['escalate(nop, nop, nop)', "'escalate' needs two agents with a comma between"],
  ['vot(3, nop)', "there is no wrapper 'vot'"],
])('refuses %s', (text, problem) => {
  expect(() => parseWrapper(text)).toThrow(
    `agent '${text}': ${problem}; expected retry(<n>, <agent>), vote(<n>, <agent>) or escalate(<agent>, <agent>)`,
  );
});
