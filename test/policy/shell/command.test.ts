import { expect, it } from 'vitest';
import { unparsed } from '../../../src/policy/shell/command.ts';

it('a text that could not be parsed stands in the list as a command without name that is not resolved', () => {
  const command = unparsed('echo "');
  expect(command).toMatchObject({
    name: '',
    text: 'echo "',
    resolved: false,
    args: [],
    reads: [],
    hosts: [],
  });
  expect(unparsed('b').reads).not.toBe(command.reads);
});
