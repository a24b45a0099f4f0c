import { afterAll, describe, expect, test } from 'vitest';
import { embeddedProvider } from '../../../src/sandbox/embedded/provider.ts';
import type { SandboxSpec } from '../../../src/sandbox/sandbox.ts';
import { embeddedSpec, say } from './sandboxes.ts';

describe('the embedded sandbox whose threads are kept', () => {
  const provider = embeddedProvider({ keepsThreads: true });
  afterAll(() => provider.close());
  const open = (spec: Partial<SandboxSpec> = {}) => provider.open({ ...embeddedSpec, ...spec });

  test('has nothing of the sandbox before: no files, variables, functions or directory', async () => {
    const before = await open();
    await say(before, 'mkdir -p /work/deep /tmp; echo old > /tmp/old; echo old > /work/deep/old; cd deep');
    await say(before, 'export OLD=1; old() { echo old; }; umask 077; set -o noclobber; alias ll=ls');
    await before.close();
    const after = await open({ files: [{ path: '/work/new', content: Buffer.from('new\n') }] });
    const { out } = await say(
      after,
      'pwd; find /work /tmp -type f; echo "[$OLD]"; old 2>/dev/null; echo again > /work/new; cat /work/new',
    );
    expect(out).toBe('/work\n/work/new\n[]\nagain\n');
    expect((await after.files.collect(['/work', '/tmp'])).map(({ path }) => path)).toEqual(['/work/new']);
    await after.close();
  });

  test('takes no thread that was killed, and none with another limit of memory', async () => {
    const stuck = await open();
    expect(await say(stuck, 'while :; do :; done', { timeoutMs: 300 })).toMatchObject({ code: 137 });
    await stuck.close();
    const large = await open({ limits: { ...embeddedSpec.limits, memoryMb: 300 } });
    expect((await say(large, 'echo still here')).out).toBe('still here\n');
    await large.close();
  });

  test('is closed for who had it, whoever has its thread now', async () => {
    const before = await open();
    await before.close();
    const after = await open();
    await expect(before.exec('echo mine > /work/theirs')).rejects.toThrow(/is closed/);
    expect((await say(after, 'ls /work')).out).toBe('');
    await after.close();
  });

  test('serves many at the same time', async () => {
    const ten = await Promise.all(Array.from({ length: 10 }, () => open()));
    const told = await Promise.all(ten.map((one, at) => say(one, `echo ${at} > /work/n; cat /work/n`)));
    expect(told.map(({ out }) => out)).toEqual(ten.map((_, at) => `${at}\n`));
    await Promise.all(ten.map((one) => one.close()));
  });
});
