import { describe, expect, it } from 'vitest';
import { parseScript } from '../../../src/policy/shell/ast.ts';
import { deeper, spend, substitution, walkNested } from '../../../src/policy/shell/context.ts';
import { newContext } from './made.ts';

describe('going deeper', () => {
  it('changes what it is told to, and counts', () => {
    const context = newContext({ via: ['sudo'] });
    expect(deeper(context, { piped: true })).toMatchObject({ depth: 1, piped: true, via: ['sudo'] });
    expect(context.depth).toBe(0);
  });

  it('ends at a depth, and notes once that the rest was not parsed', () => {
    const context = newContext({ depth: 12, source: 'x'.repeat(500) });
    expect(deeper(context, {})).toBeUndefined();
    expect(deeper(context, {})).toBeUndefined();
    expect(context.commands.map(({ name, text }) => [name, text.length])).toEqual([['', 200]]);
  });
});

describe('the budget of commands', () => {
  it('is shared by the whole walk, and its end is noted', () => {
    const context = newContext({ budget: { left: 2 } });
    expect(spend({ ...context })).toBe(true);
    expect(spend(context)).toBe(false);
    expect(context.commands).toMatchObject([{ name: '', resolved: false }]);
  });
});

describe('a text that another command runs', () => {
  it('is walked as run by it, and gives what it prints', () => {
    const context = newContext({ piped: true, stdin: 'x' });
    expect(walkNested('echo hi', 'sh', context)).toBe('hi\n');
    expect(context.commands).toMatchObject([{ name: 'echo', via: ['sh'], piped: false }]);
  });
});

describe('substitution', () => {
  it('of a command gives its output and does not let its variables out', () => {
    const context = newContext();
    expect(substitution(context).output(parseScript('A=1; echo "$A"'))).toBe('1\n');
    expect(context.scope.variables.has('A')).toBe(false);
  });

  it('reads a file that the text wrote', () => {
    const context = newContext();
    context.scope.files.set('f', 'content');
    expect(substitution(context).output(parseScript('<f'))).toBe('content');
    expect(substitution(context).output(parseScript('<g'))).not.toBe('content');
  });

  it('of a stream gives a path that has the output as its content', () => {
    const context = newContext();
    const path = substitution(context).stream(parseScript('echo a'));
    expect(path).toMatch(/^\/dev\/fd\/\d+$/);
    expect(context.scope.files.get(path)).toBe('a\n');
  });
});
