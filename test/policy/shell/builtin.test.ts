import { describe, expect, it } from 'vitest';
import { runBuiltin } from '../../../src/policy/shell/builtin.ts';
import { known, newContext } from './made.ts';

describe('cd', () => {
  const folderAfter = (...folders: string[]) => {
    const context = newContext();
    for (const folder of folders) runBuiltin('cd', known(folder), context);
    return context.scope.cwd;
  };

  it('moves to absolute folders and from there to relative ones', () => {
    expect(folderAfter('/srv')).toBe('/srv');
    expect(folderAfter('/srv', 'a/../b')).toBe('/srv/b');
    expect(folderAfter('/srv', '..', '..', '..')).toBe('/');
    expect(folderAfter('~/x')).toBe('~/x');
  });

  it('without a folder goes home, and with one that is not known nowhere', () => {
    const context = newContext();
    runBuiltin('cd', [], context);
    expect(context.scope.cwd).toBe('~');
    runBuiltin('cd', [{ text: '$D', known: false }], context);
    expect(context.scope.cwd).toBe('');
    expect(folderAfter('/srv', '-')).toBe('');
    expect(folderAfter('relative')).toBe('');
  });

  it('passes over its options', () => {
    const context = newContext();
    runBuiltin('pushd', known('-P', '/var'), context);
    expect(context.scope.cwd).toBe('/var');
  });
});

describe('variables', () => {
  it.each(['export', 'declare', 'typeset', 'local', 'readonly'])(
    'are set by %s, with all after the first =',
    (name) => {
      const { scope } = newContext();
      runBuiltin(name, known('-x', 'A=b=c', 'EMPTY=', 'NAME'), newContext({ scope }));
      expect(scope.variables.get('A')).toEqual({ values: ['b=c'], known: true });
      expect(scope.variables.get('EMPTY')).toEqual({ values: [''], known: true });
      expect(scope.variables.has('NAME')).toBe(false);
    },
  );

  it('are forgotten by unset, and positional ones are set by set --', () => {
    const { scope } = newContext();
    runBuiltin('unset', known('HOME'), newContext({ scope }));
    runBuiltin('set', known('-e', '--', 'a', 'b c'), newContext({ scope }));
    expect(scope.variables.has('HOME')).toBe(false);
    expect(scope.positional).toEqual(['a', 'b c']);
  });

  it('are read from a known line, the last taking the rest', () => {
    const { scope } = newContext();
    runBuiltin('read', known('-r', 'A', 'B'), newContext({ scope, stdin: 'one two three\nfour' }));
    expect(scope.variables.get('A')?.values).toEqual(['one']);
    expect(scope.variables.get('B')?.values).toEqual(['two three']);
  });

  it('are not known where the input is not', () => {
    const { scope } = newContext();
    runBuiltin('read', known('A'), newContext({ scope }));
    runBuiltin('printf', known('-v', 'B', '%s', 'x'), newContext({ scope }));
    expect(scope.variables.get('A')?.known).toBe(false);
    expect(scope.variables.get('B')?.known).toBe(false);
  });

  it('may have any name without doing harm', () => {
    const { scope } = newContext();
    runBuiltin('export', known('__proto__=x', 'constructor=y', '=z'), newContext({ scope }));
    expect(scope.variables.get('__proto__')?.values).toEqual(['x']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('tee', () => {
  it('writes what it is fed into files, where that is known', () => {
    const { scope } = newContext();
    runBuiltin('tee', known('a', 'b'), newContext({ scope, stdin: 'text' }));
    runBuiltin('tee', known('c'), newContext({ scope }));
    expect([...scope.files]).toEqual([
      ['a', 'text'],
      ['b', 'text'],
    ]);
  });
});
