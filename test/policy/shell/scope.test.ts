import { expect, it } from 'vitest';
import { newScope, subshellScope } from '../../../src/policy/shell/scope.ts';

it('a new shell knows its home and separators, and neither arguments nor folder', () => {
  const { variables, positional, cwd } = newScope();
  expect(variables.get('HOME')?.values).toEqual(['~']);
  expect(variables.get('IFS')?.known).toBe(true);
  expect([positional, cwd]).toEqual([undefined, '']);
});

it('a subshell keeps its variables, functions and folder to itself, and shares the files it writes', () => {
  const outer = newScope();
  const inner = subshellScope(outer);
  inner.variables.set('A', { values: ['1'], known: true });
  inner.functions.set('f', { type: 'CompoundList', commands: [] });
  inner.files.set('file', 'text');
  inner.cwd = '/srv';
  expect([outer.variables.has('A'), outer.functions.has('f'), outer.cwd]).toEqual([false, false, '']);
  expect(outer.files.get('file')).toBe('text');
});
