import { describe, expect, it } from 'vitest';
import { literalOutput } from '../../../src/policy/shell/output.ts';

const print = (name: string, args: string[], stdin?: string) => literalOutput(name, args, stdin);

describe('what a command prints', () => {
  it.each([
    ['echo', ['a', 'b'], 'a b\n'],
    ['echo', ['-n', 'a'], 'a'],
    ['echo', ['-ne', 'a\\tb\\x41\\101\\u00e9'], 'a\tbAAé'],
    ['echo', ['-x', 'a'], '-x a\n'],
    ['echo', [], '\n'],
    ['printf', ['%s-%s\\n', 'a', 'b', 'c'], 'a-b\nc-\n'],
    ['printf', ['100%%'], '100%'],
    ['printf', ['%x', '255'], 'ff'],
    ['printf', ['%b', 'a\\nb'], 'a\nb'],
    ['printf', ['\\x72\\x6d'], 'rm'],
    [':', [], ''],
    ['true', ['x'], ''],
  ])('%s %j is known', (name, args, output) => {
    expect(print(name, args)).toBe(output);
  });

  it.each([
    ['cat', [], 'text', 'text'],
    ['cat', ['-'], 'text', 'text'],
    ['tee', ['f'], 'text', 'text'],
    ['base64', ['-d'], 'cm0gLXJm\n', 'rm -rf'],
    ['base64', ['--decode'], 'cm0=', 'rm'],
    ['openssl', ['base64', '-d'], 'cm0=', 'rm'],
    ['xxd', ['-r', '-p'], '72 6d', 'rm'],
    ['rev', [], 'mr\nba', 'rm\nab'],
    ['tr', ['a-c', 'A-C'], 'abcd', 'ABCd'],
    ['tr', ['ab', 'x'], 'abc', 'xxc'],
    ['tr', ['-d', 'x\\n'], 'rxm\n', 'rm'],
    ['sed', ['s/a/b/'], 'aa', 'ba'],
    ['sed', ['-E', 's|a|b/c|g'], 'aa', 'b/cb/c'],
  ])('%s %j follows from its input', (name, args, stdin, output) => {
    expect(print(name, args, stdin)).toBe(output);
  });

  it.each([
    ['date', [], undefined],
    ['cat', ['file'], 'x'],
    ['cat', [], undefined],
    ['base64', [], 'x'],
    ['printf', ['-v', 'A', 'x'], undefined],
    ['tr', ['[:lower:]', '[:upper:]'], 'x'],
    ['tr', ['a'], 'x'],
    ['sed', ['s/a.*/b/'], 'x'],
    ['sed', ['s/a/b/', 'file'], 'x'],
    ['mktemp', ['--tmpdir', '/x'], undefined],
    ['toString', [], 'x'],
  ])('%s %j is not known', (name, args, stdin) => {
    expect(print(name, args, stdin)).toBeUndefined();
  });

  it('ends for formats and sets that a text may be made of', () => {
    expect(print('printf', ['%s', ...Array<string>(5000).fill('x')])).toHaveLength(5000);
    expect(print('printf', ['%', 'a', 'b'])).toBe('%');
    expect(print('tr', ['\u0000-\uffff', 'x'], 'abc')).toBe('xxx');
    expect(print('tr', ['z-a', 'x'], 'abc')).toBe('abc');
  });
});
