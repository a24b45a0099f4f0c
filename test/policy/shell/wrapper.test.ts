import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/policy/shell/wrapper.ts';
import { known } from './made.ts';

const inner = (line: string) => {
  const [name = '', ...args] = line.split(' ');
  const found = unwrap(name, known(...args));
  return found && [found.inner.map(({ text }) => text).join(' '), found.env];
};

describe('a wrapped command', () => {
  it.each([
    ['sudo -u bob -E rm a', 'rm a', {}],
    ['sudo A=1 rm a', 'rm a', { A: '1' }],
    ['env -u X A=1 B=c=d rm a', 'rm a', { A: '1', B: 'c=d' }],
    ['timeout -k 5 10 rm a', 'rm a', {}],
    ['nice -n 5 rm a', 'rm a', {}],
    ['nohup rm a', 'rm a', {}],
    ['chroot /srv rm a', 'rm a', {}],
    ['flock -w 1 lock rm a', 'rm a', {}],
    ['busybox rm a', 'rm a', {}],
    ['exec -a x rm a', 'rm a', {}],
    ['sudo -- rm -rf a', 'rm -rf a', {}],
  ])('`%s` is `%s`', (line, command, env) => {
    expect(inner(line)).toEqual([command, env]);
  });

  it.each(['sudo', 'env A=1', 'command -v rm', 'timeout 5', 'rm a', 'hasOwnProperty a', ''])(
    '`%s` has none',
    (line) => {
      expect(inner(line)).toBeUndefined();
    },
  );
});
