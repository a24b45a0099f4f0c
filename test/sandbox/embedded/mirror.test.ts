import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { FileMirror } from '../../../src/sandbox/embedded/mirror.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (path: string, text: string) => ({
  kind: 'put' as const,
  path,
  node: { type: 'file' as const, mode: 0o644, mtime: 0, content: bytes(text) },
});
const folder = (path: string) => ({
  kind: 'put' as const,
  path,
  node: { type: 'directory' as const, mode: 0o755, mtime: 0 },
});
const link = (path: string, target: string) => ({
  kind: 'put' as const,
  path,
  node: { type: 'link' as const, mode: 0o777, mtime: 0, target },
});

it('follows appended bytes, modes, moves and removals', () => {
  const mirror = new FileMirror();
  for (const change of [
    folder('/a'),
    file('/a/one', 'x'),
    folder('/a/b'),
    file('/a/b/two', 'y'),
    file('/ab', 'z'),
  ]) {
    mirror.apply(change);
  }
  const before = mirror.survey(['/a/one'])['/a/one']?.sha256;
  mirror.apply({ kind: 'append', path: '/a/one', content: bytes('+'), mtime: 1 });
  mirror.apply({ kind: 'attributes', path: '/a/one', mode: 0o600, mtime: 1 });
  mirror.apply({ kind: 'move', from: '/a', to: '/c' });
  mirror.apply({ kind: 'remove', path: '/c/b' });
  const sha256 = createHash('sha256').update('x+').digest('hex');
  expect(sha256).not.toBe(before);
  expect(mirror.survey(['/'])).toMatchObject({
    '/c/one': { mode: '600', size: 2, sha256 },
    '/ab': { size: 1 },
  });
  expect(Object.keys(mirror.survey(['/']))).toEqual(['/ab', '/c', '/c/one']);
});

it('reads through links, and gives up on those that go round', () => {
  const mirror = new FileMirror();
  for (const change of [
    folder('/a'),
    file('/a/f', 'x'),
    link('/to', 'a'),
    link('/r', 's'),
    link('/s', 'r'),
  ]) {
    mirror.apply(change);
  }
  expect(mirror.read('/to/f')?.toString()).toBe('x');
  expect(mirror.read('/r')).toBeUndefined();
});

it('can be made again from its changes', () => {
  const mirror = new FileMirror();
  for (const change of [folder('/a'), file('/a/f', 'x'), link('/a/l', 'f')]) mirror.apply(change);
  mirror.apply({ kind: 'append', path: '/a/f', content: bytes('y'), mtime: 1 });
  const again = new FileMirror();
  for (const change of mirror.changes()) again.apply(change);
  expect(again.survey(['/'])).toEqual(mirror.survey(['/']));
});
