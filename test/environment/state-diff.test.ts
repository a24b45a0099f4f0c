import { describe, expect, test } from 'vitest';
import { changedOutside, diffState, stateDigest, withoutIgnored } from '../../src/environment/state-diff.ts';

const file = (mode: string) => ({ type: 'file', mode, size: 1, sha256: 'x' });

describe('the difference of two states', () => {
  test('of files is one change per path', () => {
    const before = { '/a': file('644'), '/b': file('644'), '/c': file('644') };
    const after = { '/a': file('644'), '/b': file('777'), '/d': file('644') };
    expect(diffState('files', before, after)).toEqual([
      { path: '/b', op: 'changed', before: file('644'), after: file('777') },
      { path: '/c', op: 'deleted', before: file('644') },
      { path: '/d', op: 'created', after: file('644') },
    ]);
  });

  test('of a server’s state names the smallest changed values by JSON pointer', () => {
    const before = { orders: { 'O/1~': { total: 3, status: 'new' } }, gone: null };
    const after = { orders: { 'O/1~': { total: 3, status: 'paid' } }, list: [] };
    expect(diffState('server', before, after)).toEqual([
      { path: '/gone', op: 'deleted', before: null },
      { path: '/list', op: 'created', after: [] },
      { path: '/orders/O~11~0/status', op: 'changed', before: 'new', after: 'paid' },
    ]);
  });

  test('follows elements that have an id, wherever they moved', () => {
    const before = {
      rows: [
        { id: 'a', n: 1 },
        { id: 'b', n: 2 },
      ],
    };
    const after = {
      rows: [
        { id: 'c', n: 3 },
        { id: 'b', n: 2 },
        { id: 'a', n: 9 },
      ],
    };
    expect(diffState('server', before, after).map(({ path, op }) => [path, op])).toEqual([
      ['/rows/a/n', 'changed'],
      ['/rows/c', 'created'],
    ]);
  });

  test('takes elements without an id of their own by index', () => {
    expect(diffState('server', ['a', 'b'], ['a', 'c', 'd']).map(({ path }) => path)).toEqual(['/1', '/2']);
    const twice = [
      { id: 'a', n: 1 },
      { id: 'a', n: 2 },
    ];
    expect(diffState('server', twice, [...twice, { id: 'a', n: 3 }])).toMatchObject([
      { path: '/2', op: 'created' },
    ]);
  });

  test('of equal states is empty, and so is the difference of their digests', () => {
    expect(diffState('server', { a: 1, b: [1] }, { b: [1], a: 1 })).toEqual([]);
    expect(stateDigest({ a: 1, b: [1] })).toBe(stateDigest({ b: [1], a: 1 }));
    expect(stateDigest({ a: 1 })).not.toBe(stateDigest({ a: 2 }));
  });

  test('is split by globs into what may change and what may not', () => {
    const changes = diffState('server', { a: { b: 1 }, c: 1 }, { a: { b: 2 }, c: 2 });
    expect(changedOutside(['/a/**'], changes).map(({ path }) => path)).toEqual(['/c']);
    expect(changedOutside([], changes)).toEqual(changes);
  });

  test('leaves ignored files out, hidden ones too', () => {
    const tree = { '/h/.cache/x/y': 1, '/h/a': 2, '/h/p/__pycache__/z': 3 };
    expect(withoutIgnored(tree, ['/h/.cache/**', '**/__pycache__/**'])).toEqual({ '/h/a': 2 });
    expect(withoutIgnored(tree, [])).toEqual(tree);
  });
});
