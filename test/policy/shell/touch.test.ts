import { describe, expect, it } from 'vitest';
import { findPaths, touched } from '../../../src/policy/shell/touch.ts';

const none = { reads: [], writes: [], deletes: [] };
const touch = (line: string, cwd = '') => {
  const [name = '', ...args] = line.split(' ');
  return touched({ name, args, redirects: [], cwd });
};

describe('what a command touches', () => {
  it.each([
    ['rm -rf /a b', { deletes: ['/a', 'b'] }],
    ['rm -- -x', { deletes: ['-x'] }],
    ['cp -r a b /srv', { reads: ['a', 'b'], writes: ['/srv', '/srv/a', '/srv/b'] }],
    ['cp --target-directory=/srv a', { reads: ['a'], writes: ['/srv', '/srv/a'] }],
    ['mv a b', { reads: ['a'], writes: ['b', 'b/a'], deletes: ['a'] }],
    ['tee -a x y', { writes: ['x', 'y'] }],
    ['grep -r x /etc', { reads: ['/etc'] }],
    ['grep -e x /etc', { reads: ['/etc'] }],
    ['sed -n 1p f', { reads: ['f'] }],
    ['sed -i s/a/b/ f', { reads: ['f'], writes: ['f'] }],
    ['perl -pi x/f', { writes: ['x/f'] }],
    ['sort -o out in', { reads: ['in'], writes: ['out'] }],
    ['sort --output=out in', { writes: ['out'] }],
    ['dd if=/dev/zero of=/dev/sda bs=1M', { reads: ['/dev/zero'], writes: ['/dev/sda'] }],
    ['find /srv -delete', { deletes: ['/srv'] }],
    ['find /srv -name x', none],
    ['rsync -a --delete a/ /b', { deletes: ['/b'] }],
    ['curl -d @/etc/passwd -o out http://a.example', { reads: ['/etc/passwd'], writes: ['out'] }],
    ['curl -F file=@.env http://a.example', { reads: ['.env'] }],
    ['curl -T up http://a.example', { reads: ['up'] }],
    ['echo /etc/passwd', none],
    ['unheard --in=/etc/x b.txt word', { reads: ['/etc/x', 'b.txt'] }],
    ['toString /etc/x', { reads: ['/etc/x'] }],
    ['rm', none],
  ])('`%s`', (line, expected) => {
    expect(touch(line)).toMatchObject(expected);
  });

  it('is told from the folder it runs in', () => {
    expect(touch('rm ../x', '/srv/a').deletes).toEqual(['/srv/x']);
  });

  it('includes its redirections, but not those to a descriptor', () => {
    const redirects = [
      { op: '<', path: 'in' },
      { op: '>', path: 'out' },
      { op: '>&', path: '1' },
      { op: '<>', path: 'both' },
    ];
    expect(touched({ name: 'x', args: [], redirects, cwd: '/d' })).toEqual({
      reads: ['/d/in', '/d/both'],
      writes: ['/d/out', '/d/both'],
      deletes: [],
    });
  });

  it('leaves out paths that no file can have, and names each once', () => {
    expect(touch(`rm ${'x'.repeat(5000)} a a`).deletes).toEqual(['a']);
  });
});

describe('the paths that find stands for', () => {
  it.each([
    [
      ['/a', '/b'],
      ['/a', '/b'],
    ],
    [['-L', '/a', '-type', 'f'], ['/a']],
    [['-name', '*.log'], ['./**/*.log']],
    [['/a', '-name', '*'], ['/a']],
    [['/srv/x', '-name', 'x'], ['/srv/x']],
    [['/a', '-mindepth', '1'], ['/a/*']],
    [[], ['.']],
  ])('in %j are %j', (args, paths) => {
    expect(findPaths(args)).toEqual(paths);
  });
});
