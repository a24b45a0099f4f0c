import { describe, expect, it } from 'vitest';
import { expandKnown, looksLikePath, resolvePath } from '../../../src/policy/shell/path.ts';

describe('a path', () => {
  it.each([
    ['/a/./b/../c/', '', '/a/c'],
    ['b', '/a', '/a/b'],
    ['../b', '/a/x', '/a/b'],
    ['b', '', 'b'],
    ['./b', '', 'b'],
    ['~/b', '/a', '~/b'],
    ['b', '~', '~/b'],
    ['file:///etc/passwd', '', '/etc/passwd'],
    ['//etc//passwd', '', '/etc/passwd'],
    ['/', '/a', '/'],
    ['/../../etc', '', '/etc'],
    ['ü/ß', '/a', '/a/ü/ß'],
  ])('%s from "%s" is %s', (path, cwd, resolved) => {
    expect(resolvePath(path, cwd)).toBe(resolved);
  });
});

describe('a wildcard', () => {
  it('counts as every well-known path that it hits', () => {
    expect(expandKnown('/etc/sh?dow')).toEqual(['/etc/sh?dow', '/etc/shadow']);
    expect(expandKnown('/etc/[ps]*w*')).toEqual(expect.arrayContaining(['/etc/passwd']));
    expect(expandKnown('.e*v')).toEqual(['.e*v', '.env']);
  });

  it('that hits everything in a folder stays as it is, as does what is none', () => {
    expect(expandKnown('*')).toEqual(['*']);
    expect(expandKnown('/**')).toEqual(['/**']);
    expect(expandKnown('/etc/shadow')).toEqual(['/etc/shadow']);
  });

  it('may be as hostile as it likes', () => {
    const begun = performance.now();
    expandKnown(`/${'*a'.repeat(2000)}`);
    expandKnown(`/${'{a,b}'.repeat(15)}*`);
    expandKnown('/[');
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('a word', () => {
  it.each(['/etc', '~', '~/x', 'a/b', '.env', 'a.txt', '*.log', '?'])('%s looks like a path', (word) => {
    expect(looksLikePath(word)).toBe(true);
  });

  it.each(['word', 'https://a.example/x', 'a b{c}', 'x(y)', 'a\n/b', '', '/'.repeat(2000)])(
    '%j does not',
    (word) => {
      expect(looksLikePath(word)).toBe(false);
    },
  );
});
