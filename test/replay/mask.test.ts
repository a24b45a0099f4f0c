import { describe, expect, it } from 'vitest';
import { masksWith } from '../../src/replay/known-masks.ts';
import { maskChanges, masksBetween } from '../../src/replay/mask.ts';

const { masks: builtIn } = masksWith([]);
const monday = { from: Date.UTC(2026, 10, 23, 9), to: Date.UTC(2026, 10, 23, 9, 5) };
const tuesday = { from: Date.UTC(2026, 10, 24, 14), to: Date.UTC(2026, 10, 24, 14, 5) };

/** The masks needed between what a command printed on a Monday and on the Tuesday after. */
const between = (recorded: string, replayed: string, command = '', masks = builtIn) =>
  masksBetween({ recorded, replayed, times: [monday, tuesday] }, JSON.stringify({ command }), masks);

describe('masks of the state', () => {
  const change = (path: string, sha256: string) => ({ path, op: 'changed' as const, after: { sha256 } });
  const logs = { name: 'log', paths: ['/work/*.log'] };

  it('cover what changed at their paths, and nothing else', () => {
    const recorded = [change('/work/a.log', '1'), change('/work/b.txt', '2')];
    const replayed = [change('/work/a.log', '9'), change('/work/c.log', '3'), change('/work/b.txt', '2')];
    const { needed, ...left } = maskChanges({ recorded, replayed }, [logs]);
    expect(needed).toEqual(['log']);
    expect(left.recorded).toEqual(left.replayed);
    const other = maskChanges({ recorded, replayed: [change('/work/b.txt', '7')] }, [logs]);
    expect(other.recorded).not.toEqual(other.replayed);
  });

  it('are named only where they are needed', () => {
    const changes = [change('/work/a.log', '1')];
    expect(maskChanges({ recorded: changes, replayed: changes }, [logs]).needed).toEqual([]);
  });
});

describe('masks', () => {
  it.each([
    ['timestamp', 'at 2026-11-23T09:01:02Z', 'at 2026-11-24T14:02:03.5Z', ''],
    ['timestamp', 'Mon Nov 23 09:01:02 UTC 2026', 'Tue Nov 24 14:02:03 UTC 2026', 'date'],
    ['timestamp', 'Mon Nov 23 2026 09:01:02 GMT+0000', 'Tue Nov 24 2026 14:02:03 GMT+0000', 'node clock.js'],
    ['timestamp', 'Mon, 23 Nov 2026 09:01:02 GMT', 'Tue, 24 Nov 2026 14:02:03 GMT', 'date -R'],
    [
      'timestamp',
      '-rw-r--r-- 1 agent agent 5 Nov 23 09:01 a',
      '-rw-r--r-- 1 agent agent 5 Nov 24 14:02 a',
      'ls -l',
    ],
    ['timestamp', 'made 11/23/2026, 9:01:02 AM', 'made 11/24/2026, 2:02:03\u202fPM', ''],
    ['timestamp', 'made 23/11/2026, 09:01:02', 'made 24/11/2026, 14:02:03', ''],
    ['timestamp', 'Monday, November 23, 2026 at 9:01 AM', 'Tuesday, November 24, 2026 at 2:02 PM', ''],
    ['timestamp', 'it is 5:01:02 AM', 'it is 10:02:03 p.m.', ''],
    ['timestamp', 'it is 09:01:02', 'it is 14:02:03', ''],
    ['timestamp', '1795424461', '1795528922', 'date +%s'],
    ['timestamp', '1795424461123456789', '1795528922000000000', 'date +%s%N'],
    ['duration', '3 passed in 0.12s', '3 passed in 0.3s', 'pytest'],
    ['duration', 'real\t0m0.003s', 'real\t0m1.020s', 'time ls'],
    ['head of a shell’s output', 'Chunk ID: 4c7d6d\nOutput:\nhi', 'Chunk ID: b60a3f\nOutput:\nhi', ''],
    ['process id', 'Process Group PGID: 32728', 'Process Group PGID: 77', 'ls'],
    ['process id', '[1] 4312', '[1] 77', 'sleep 1 &'],
    ['process id', '  PID TTY\n 4312 pts/0', '  PID TTY\n   12 pts/0', 'ps'],
    ['temporary name', '/tmp/tmp.Ab3dEf9hIj', '/tmp/tmp.ZZZZZZZZZZ', 'mktemp'],
    ['host name', '4675d2dd8d9f', '39031c96539b', 'hostname'],
    ['host name', 'HOSTNAME=4675d2dd8d9f', 'HOSTNAME=39031c96539b', 'env'],
    ['token of a program’s model', 'KEY=sk-proctor-0a1b', 'KEY=sk-proctor-9f8e', ''],
    ['inode', '1310771 a.txt', '88812 a.txt', 'ls -i'],
    [
      'head of a shell’s output',
      'Chunk ID: fbc253\nWall time: 0.0000 seconds\nok',
      'Chunk ID: 9bef6c\nWall time: 0.0716 seconds\nok',
      'true',
    ],
    ['commit id', '1f3a9c2 mend\n44d6d25 start', '9b07e11 mend\n44d6d25 start', 'git log --oneline'],
    ['order of a listing', './b\n./a', './a\n./b', 'find . -type f'],
  ])('cover a %s', (name, recorded, replayed, command) => {
    expect(between(recorded, replayed, command)).toEqual([name]);
  });

  it('leave texts that are the same alone', () => {
    expect(between('at 2026-11-23T09:01:02Z', 'at 2026-11-23T09:01:02Z')).toEqual([]);
  });

  it.each([
    ['a timestamp of the task’s data', 'due 2026-01-15', 'due 2026-01-16', 'cat due.txt'],
    ['a date of the data', 'due 1/15/2026, 9:00:00 AM', 'due 1/16/2026, 9:00:00 AM', ''],
    ['a time of day that is not the trial’s', 'opens 9:30:00 AM', 'opens 9:45:00 AM', ''],
    ['a number that is no time', '1234567890', '1234567891', 'cat numbers'],
    [
      'another size',
      '-rw-r--r-- 1 agent agent 5 Nov 23 09:01 a',
      '-rw-r--r-- 1 agent agent 6 Nov 24 14:02 a',
      'ls -l',
    ],
    ['a number that looks like a process', '4312', '4313', 'wc -l log'],
    ['the order of lines that were not listed', 'b\na', 'a\nb', 'cat log'],
    ['twelve hex digits of data', '4675d2dd8d9f', '39031c96539b', 'cat id'],
    ['a letter', 'done', 'dome', 'date; ps; ls -l; hostname'],
  ])('do not cover %s', (_, recorded, replayed, command) => {
    expect(between(recorded, replayed, command)).toBeUndefined();
  });

  it('are named no more than needed', () => {
    expect(
      between('in 0.1s at 2026-11-23T09:01:02Z [1] 12', 'in 0.2s at 2026-11-23T09:01:02Z [1] 13'),
    ).toEqual(['duration', 'process id']);
  });

  it('of an environment stand beside the built-in ones', () => {
    const { masks } = masksWith([{ name: 'ticket', pattern: '^T-\\d+', replace: 'T-?' }]);
    expect(between('x\nT-12 open', 'x\nT-99 open', '', masks)).toEqual(['ticket']);
    expect(between('x\nT-12 open', 'x\nT-99 shut', '', masks)).toBeUndefined();
  });
});
