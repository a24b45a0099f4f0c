import { describe, expect, it } from 'vitest';
import { parseScript } from '../../../src/policy/shell/ast.ts';
import { walkScript } from '../../../src/policy/shell/walk.ts';
import { newContext } from './made.ts';

function walk(text: string) {
  const context = newContext({ source: text });
  const output = walkScript(parseScript(text), context);
  const commands = context.commands.map(({ name, args }) => [name, ...args].join(' '));
  return { output, commands, within: context.commands.map(({ within }) => within), all: context.commands };
}

describe('a script', () => {
  it('prints what its statements print, where all of it is known', () => {
    expect(walk('echo a; echo b').output).toBe('a\nb\n');
    expect(walk('echo a; date').output).toBeUndefined();
    expect(walk('').output).toBe('');
  });

  it('notes where a command stands', () => {
    expect(walk('a && b || c; d &').within).toEqual([[], ['and'], [], ['background']]);
    expect(walk('if a; then b; fi').within).toEqual([['if'], ['if']]);
    expect(walk('f() { a; }; f').within).toContainEqual(['function f']);
  });

  it('feeds a pipeline from left to right, each part in a shell of its own', () => {
    const { output, all } = walk('A=1; echo x | tr x y | cat; echo $A | A=2; echo $A');
    expect(output?.startsWith('y\n')).toBe(true);
    expect(output?.endsWith('1\n')).toBe(true);
    expect(all.map(({ piped }) => piped)).toEqual([false, true, true, false, false]);
  });

  it('keeps what a subshell assigns inside it, and what a group assigns outside too', () => {
    expect(walk('A=1; (A=2); { B=3; }; echo $A $B').output).toBe('1 3\n');
  });

  it('walks both branches, every case and the words of tests', () => {
    expect(walk('if a; then b; else c; fi').commands).toEqual(['a', 'b', 'c']);
    expect(walk('case x in a) b;; *) c;; esac').commands).toEqual(['b', 'c']);
    expect(walk('[[ $(rm x) ]]').commands).toEqual(['rm x']);
    expect(walk('coproc rm x').commands).toContain('rm x');
  });

  it('applies the redirections of a group to what it prints', () => {
    const { all, output } = walk('{ echo a; echo b; } > f');
    expect(all.find(({ name }) => name === ':')).toMatchObject({ writes: ['f'] });
    expect(output).toBe('');
  });

  it('with an error is walked as far as it goes, and noted', () => {
    const { commands } = walk('rm a; echo "b');
    expect(commands[0]).toBe('rm a');
    expect(walk('rm a; echo "b').all.at(-1)).toMatchObject({ name: '', resolved: false });
  });
});

describe('a loop', () => {
  it('is walked value by value, up to sixteen', () => {
    expect(walk('for f in a b; do rm $f; done').commands).toEqual(['rm a', 'rm b']);
    expect(walk(`for f in ${'x '.repeat(50)}; do rm $f; done`).commands).toHaveLength(16);
  });

  it('over what is not known is walked once', () => {
    expect(walk('for f in $UNKNOWN; do rm $f; done').all).toMatchObject([{ name: 'rm', resolved: false }]);
  });

  it.each([
    'while true; do x; done',
    'until false; do x; done',
    'for ((;;)); do x; done',
    'while :; do x; done',
  ])('%s is endless', (text) => {
    expect(walk(text).within.at(-1)).toEqual(['endless']);
  });

  it.each([
    'while true; do x; break; done',
    'while read l; do x; done',
    'for ((i=0;i<3;i++)); do x; done',
    'while true; do if y; then exit; fi; done',
  ])('%s is not', (text) => {
    expect(walk(text).within.at(-1)).toContain('loop');
  });

  it('within loops is ended by the budget', () => {
    const text = `${'for a in 1 2 3 4 5 6 7 8; do '.repeat(6)} x; ${'done; '.repeat(6)}`;
    expect(walk(text).commands.length).toBeLessThanOrEqual(1001);
  });
});

describe('a function', () => {
  it('is walked where it is defined, and with its arguments where it is called', () => {
    expect(walk('f() { rm "$1"; }; f /srv').commands).toContain('rm /srv');
    expect(walk('function f { rm x; }').commands).toEqual(['rm x']);
  });

  it('that calls itself is followed once', () => {
    expect(walk(':() { :|:& }; :').commands.length).toBeLessThan(20);
  });
});
