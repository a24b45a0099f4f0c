import { describe, expect, it } from 'vitest';
import { type CommandNode, parseScript, visitInside } from '../../../src/policy/shell/ast.ts';
import { commandOf } from './made.ts';

describe('parsing a shell text', () => {
  it('gives its statements in order, and which run in the background', () => {
    const { commands, errors } = parseScript('a; b & c');
    expect(commands.map(({ command, background }) => [command.type, background === true])).toEqual([
      ['Command', false],
      ['Command', true],
      ['Command', false],
    ]);
    expect(errors ?? []).toEqual([]);
  });

  it('keeps assignments, arguments and redirections of a command apart', () => {
    const { name, prefix, args, redirects } = commandOf('A=1 B+=2 run x --y >out 2>&1 <<<in');
    expect(name?.value).toBe('run');
    expect(prefix.map((one) => one.type === 'Assignment' && [one.name, one.append === true])).toEqual([
      ['A', false],
      ['B', true],
    ]);
    expect(args.map((arg) => arg.type === 'Word' && arg.value)).toEqual(['x', '--y']);
    expect(redirects.map((one) => (one.type === 'HereDoc' ? '<<' : one.operator))).toEqual([
      '>',
      '>&',
      '<<<',
    ]);
  });

  it('tells the parts of a word', () => {
    const [word] = commandOf(`x a'b'"c$D"\${E:-f}$(g)*`).args;
    expect(word?.type === 'Word' && word.parts?.map((part) => part.type)).toEqual([
      'Literal',
      'SingleQuoted',
      'DoubleQuoted',
      'ParameterExpansion',
      'CommandExpansion',
      'Glob',
    ]);
  });

  it('names errors and never throws, whatever it is given', () => {
    for (const text of ['"', "'", '$(', '`', '((', 'if', '<<', 'a | | b', '\0', '{', '}', '\ud800', ')'])
      expect(() => parseScript(text), text).not.toThrow();
    expect(parseScript('echo "a').errors?.length).toBeGreaterThan(0);
  });
});

describe('looking inside a node', () => {
  const seenIn = (text: string) => {
    const seen: string[] = [];
    visitInside(parseScript(text).commands[0]?.command as CommandNode, ({ type }) => void seen.push(type));
    return seen;
  };

  it('finds the lists of branches, through what only holds them', () => {
    expect(seenIn('if a; then b; elif c; then d; else e; fi')).toEqual(Array(5).fill('CompoundList'));
  });

  it('finds the words of a case and of a test', () => {
    expect(seenIn('case $x in a|b) c;; esac')).toEqual(['Word', 'Word', 'Word', 'CompoundList']);
    expect(seenIn('[[ -f a && ( b == "$c" ) ]]')).toEqual(['Word', 'Word', 'Word']);
  });
});
