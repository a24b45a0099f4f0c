import { describe, expect, it } from 'vitest';
import type { ParameterExpansion } from '../../../src/policy/shell/ast.ts';
import { lookUp, resolveParameter } from '../../../src/policy/shell/parameter.ts';
import { newScope } from '../../../src/policy/shell/scope.ts';
import { wordOf } from './made.ts';

function scopeWith(variables: Record<string, string | string[]>, positional?: string[]) {
  const scope = { ...newScope(), positional };
  for (const [name, value] of Object.entries(variables))
    scope.variables.set(name, { values: [value].flat(), known: true });
  return scope;
}

describe('the value of a variable', () => {
  const scope = { ...scopeWith({ A: 'x' }, ['one', 'two']), cwd: '/srv' };

  it.each([
    ['A', ['x']],
    ['HOME', ['~']],
    ['PWD', ['/srv']],
    ['1', ['one']],
    ['9', []],
    ['#', ['2']],
    ['@', ['one', 'two']],
    ['*', ['one', 'two']],
  ])('%s is %j', (name, values) => {
    expect(lookUp(name, scope)).toEqual({ values, known: true });
  });

  it.each(['B', '0', '?', '!', '__proto__'])('%s is not known', (name) => {
    expect(lookUp(name, scope)).toBeUndefined();
  });

  it('is not known by position where nobody said what the arguments are', () => {
    for (const name of ['1', '@', '#']) expect(lookUp(name, newScope())).toBeUndefined();
  });
});

describe('an expansion', () => {
  const resolve = (text: string, scope = scopeWith({ A: 'abcab', L: ['x', 'y'], N: 'A', E: '' })) => {
    const part = wordOf(text).parts?.[0] as ParameterExpansion;
    return resolveParameter(part, scope, (word) => word.value)?.values;
  };

  it.each([
    ['${A}', ['abcab']],
    ['${#A}', ['5']],
    ['${#L[@]}', ['2']],
    ['${L[1]}', ['y']],
    ['${L[@]}', ['x', 'y']],
    ['${!N}', ['abcab']],
    ['${A:1}', ['bcab']],
    ['${A:1:2}', ['bc']],
    ['${A: -2}', ['ab']],
    ['${A:0:-1}', ['abca']],
    ['${A#ab}', ['cab']],
    ['${A%ab}', ['abc']],
    ['${A#x}', ['abcab']],
    ['${A/ab/X}', ['Xcab']],
    ['${A//ab/X}', ['XcX']],
    ['${A^}', ['Abcab']],
    ['${A^^}', ['ABCAB']],
    ['${U:-dflt}', ['dflt']],
    ['${E:-dflt}', ['dflt']],
    ['${A:-dflt}', ['abcab']],
    ['${A:+other}', ['other']],
    ['${U:+other}', ['']],
  ])('%s is %j', (text, values) => {
    expect(resolve(text)).toEqual(values);
  });

  it.each(['${U}', '${U:?missing}', '${A%%*}', '${A/[a]/x}', '${A@Q}', '${L[7]}', '${A:x}', '${!U}'])(
    '%s is not worked out',
    (text) => {
      expect(resolve(text)).toBeUndefined();
    },
  );

  it('with := sets the variable', () => {
    const scope = newScope();
    expect(resolve('${U:=x}', scope)).toEqual(['x']);
    expect(scope.variables.get('U')).toEqual({ values: ['x'], known: true });
  });

  it('puts in what it is told to, however it looks', () => {
    const part = wordOf('${A//a/$&}').parts?.[0] as ParameterExpansion;
    expect(resolveParameter(part, scopeWith({ A: 'aa' }), (word) => word.value)?.values).toEqual(['$&$&']);
  });
});
