import { describe, expect, it } from 'vitest';
import type { Invocation } from '../../../src/policy/shell/context.ts';
import { runNested } from '../../../src/policy/shell/nested.ts';
import { known, newContext } from './made.ts';

function nested(line: string[], changes: Parameters<typeof newContext>[0] = {}) {
  const [typed = '', ...args] = line;
  const context = newContext(changes);
  const invoked: string[][] = [];
  const invoke = ({ argv }: Invocation) => {
    invoked.push(argv.map(({ text }) => text));
    return undefined;
  };
  const ran = runNested(typed.split('/').at(-1) ?? '', known(...args), typed, context, invoke);
  return { ...ran, invoked, texts: context.commands.map(({ text, via }) => [text, ...via]) };
}

describe('a shell text that a command is given', () => {
  it.each([
    [
      ['sh', '-c', 'rm a'],
      ['rm a', 'sh'],
    ],
    [
      ['bash', '-exc', 'rm a', 'name', 'x'],
      ['rm a', 'bash'],
    ],
    [
      ['eval', 'rm', 'a'],
      ['rm a', 'eval'],
    ],
    [
      ['trap', 'rm a', 'EXIT'],
      ['rm a', 'trap'],
    ],
    [
      ['su', '-c', 'rm a', 'bob'],
      ['rm a', 'su'],
    ],
    [
      ['env', '-S', 'rm a'],
      ['rm a', 'env'],
    ],
  ])('%j is walked', (line, text) => {
    expect(nested(line)).toMatchObject({ ran: true, texts: [text] });
  });

  it('has its own arguments as positional variables', () => {
    expect(nested(['sh', '-c', 'rm "$1"', 'name', '/x']).texts).toEqual([['rm "$1"', 'sh']]);
    expect(nested(['bash', '-c', 'echo $1', 'name', 'x']).output).toBe('x\n');
  });

  it('is read from standard input or from a file that was written before', () => {
    expect(nested(['sh'], { stdin: 'rm a' }).texts).toEqual([['rm a', 'sh']]);
    expect(nested(['at', 'now'], { stdin: 'rm a' }).texts).toEqual([['rm a', 'at']]);
    const files = newContext().scope;
    files.files.set('s.sh', 'rm a');
    for (const line of [['sh', 's.sh'], ['source', 's.sh'], ['.', './s.sh'], ['./s.sh']])
      expect(nested(line, { scope: files }).texts, line.join(' ')).toMatchObject([
        ['rm a', expect.anything()],
      ]);
  });

  it.each([
    [['sh']],
    [['sh', 'unknown.sh']],
    [['trap', '-l']],
    [['cat', 'x']],
    [['./unknown']],
    [['su', 'bob']],
  ])('%j has none', (line) => {
    expect(nested(line)).toMatchObject({ ran: false, texts: [] });
  });

  it('that runs itself again and again ends, and says that not all was looked at', () => {
    const { scope } = newContext();
    scope.files.set('s.sh', 'sh s.sh; sh s.sh');
    const { texts } = nested(['sh', 's.sh'], { scope });
    expect(texts.length).toBeLessThan(3000);
  });
});

describe('xargs', () => {
  it('runs its command with what it is fed, at the end or in the place of its mark', () => {
    expect(nested(['xargs', '-n', '1', 'rm', '-f'], { stdin: 'a b\nc' }).invoked).toEqual([
      ['rm', '-f', 'a', 'b', 'c'],
    ]);
    expect(nested(['xargs', '-I', '{}', 'mv', '{}', '/x/{}'], { stdin: 'a' }).invoked).toEqual([
      ['mv', 'a', '/x/a'],
    ]);
    expect(nested(['xargs', '-0', 'rm'], { stdin: 'a\0b' }).invoked).toEqual([['rm', 'a', 'b']]);
  });

  it('without a command runs none', () => {
    expect(nested(['xargs'], { stdin: 'a' })).toMatchObject({ ran: false, invoked: [] });
  });
});

describe('find', () => {
  it('runs what stands after -exec, for the paths it starts from', () => {
    expect(nested(['find', '/srv', '-name', 'x', '-exec', 'rm', '{}', ';']).invoked).toEqual([
      ['rm', '/srv/**/x'],
    ]);
    expect(nested(['find', '/a', '/b', '-exec', 'cat', '{}', '+']).invoked).toEqual([['cat', '/a', '/b']]);
    expect(nested(['find', '.', '-exec', 'rm']).invoked).toEqual([['rm']]);
  });
});
