import { describe, expect, it } from 'vitest';
import { alikeRepository } from '../../src/replay/alike-repository.ts';
import type { StateChange } from '../../src/schema/state.ts';

const file = (sha256: string, size: number, mode = '644') => ({ type: 'file', mode, size, sha256 });
const made = (path: string, sha256: string, size: number): StateChange => ({
  path: `/app/.git/${path}`,
  op: 'created',
  after: file(sha256, size, path.startsWith('objects') ? '444' : '644'),
});
const folder = (name: string): StateChange => ({
  path: `/app/.git/objects/${name}`,
  op: 'created',
  after: { type: 'directory', mode: '755', size: 0 },
});
const object = (id: string, sha256: string, size: number) =>
  made(`objects/${id}/${'0'.repeat(38)}`, sha256, size);
const changed = (path: string, before: string, after: string, size: number): StateChange => ({
  path: `/app/${path}`,
  op: 'changed',
  before: file(before, size),
  after: file(after, size),
});

const blob = object('84', 'blob', 87);
const then = [
  changed('.git/index', 'i', 'i1', 137),
  made('refs/heads/mend', 'r1', 41),
  made('logs/HEAD', 'l1', 779),
  folder('48'),
  object('48', 'c1', 156),
  blob,
];
const again = [
  changed('.git/index', 'i', 'i2', 137),
  made('refs/heads/mend', 'r2', 41),
  made('logs/HEAD', 'l2', 779),
  object('84', 'c2', 158),
  blob,
];

const byPath = (changes: readonly StateChange[]) =>
  changes.toSorted((a, b) => `${a.path}${JSON.stringify(a)}`.localeCompare(`${b.path}${JSON.stringify(b)}`));
const isAlike = (recorded: StateChange[], replayed: StateChange[], carried = false) => {
  const alike = alikeRepository({ recorded, replayed }, carried);
  return JSON.stringify(byPath(alike.replayed)) === JSON.stringify(byPath(recorded)) && alike.needed;
};

describe('changes of a git repository', () => {
  it('are the same where only commits made at another time have other ids', () => {
    expect(isAlike(then, again)).toEqual(['times in a git repository']);
    expect(alikeRepository({ recorded: then, replayed: then }, false).needed).toEqual([]);
  });

  it('are others where something else was committed, by name, in number, size or content', () => {
    const without = again.filter((one) => one !== blob);
    expect(isAlike(then, [...without, object('85', 'other blob', 300)])).toBe(false);
    expect(isAlike(then, [...again, object('99', 'one more', 90)])).toBe(false);
    expect(isAlike(then, [...again, changed('palette.conf', 'a', 'b', 10)])).toBe(false);
    const renamed = again.map((one) =>
      one.path.endsWith('mend') ? { ...one, path: '/app/.git/refs/heads/ment' } : one,
    );
    expect(isAlike(then, renamed)).toBe(false);
    expect(isAlike(then, [...again.slice(1), changed('.git/index', 'i', 'i2', 209)])).toBe(false);
  });

  it('are others where a branch stands at another commit that was there before', () => {
    const set = (sha256: string) => [changed('.git/refs/heads/main', 'r', sha256, 41)];
    expect(isAlike(set('r1'), set('r2'))).toBe(false);
    expect(isAlike(set('r1'), set('r2'), true)).toEqual(['times in a git repository']);
    const head = (sha256: string) => [changed('.git/HEAD', 'h', sha256, 22)];
    expect(isAlike(head('h1'), head('h2'), true)).toBe(false);
  });
});
