import { describe, expect, it } from 'vitest';
import { readRedirects } from '../../../src/policy/shell/redirect.ts';
import { commandOf, newContext } from './made.ts';

const read = (text: string, context = newContext()) => readRedirects(commandOf(text).redirects, context);

describe('redirections', () => {
  it('are given with their paths expanded', () => {
    const context = newContext();
    context.scope.variables.set('D', { values: ['/srv'], known: true });
    expect(read('x > $D/a 2>> "b c" < in &> all', context).redirects).toEqual([
      { op: '>', path: '/srv/a' },
      { op: '>>', path: 'b c' },
      { op: '<', path: 'in' },
      { op: '&>', path: 'all' },
    ]);
  });

  it('put a here-string, a here-document or a known file on standard input', () => {
    const context = newContext();
    context.scope.files.set('f', 'content');
    context.scope.variables.set('A', { values: ['1'], known: true });
    expect(read('x <<< "a $A"', context).stdin).toBe('a 1\n');
    expect(read('x <<E\na $A\nE', context).stdin).toBe('a 1\n');
    expect(read("x <<'E'\na $A\nE", context).stdin).toBe('a $A\n');
    expect(read('x <<-E\na\n\tE', context).stdin).toBe('a\n');
    expect(read('x < f', context).stdin).toBe('content');
    expect(read('x < unknown', context).stdin).toBeUndefined();
  });

  it('without a target, or with an end that never comes, do no harm', () => {
    expect(read('x <<E\nno end')).toMatchObject({ redirects: [] });
    expect(read('x >').redirects).toEqual([{ op: '>', path: '' }]);
    expect(read(`x <<E\n${'a'.repeat(150_000)}\nE`).stdin).toHaveLength(150_001);
  });
});
