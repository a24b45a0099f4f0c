import { expect, it } from 'vitest';
import { embeddedSpec, sandboxes, say } from './sandboxes.ts';

const open = sandboxes(1);

it('has no space left past its storage, and room again after a removal', async () => {
  const sandbox = await open();
  const full = await say(sandbox, 'seq 1 60000 > part1; echo first; seq 1 200000 > part2; echo never');
  expect(full).toEqual({ out: 'first\n', err: 'bash: No space left on device\n', code: 1 });
  expect((await say(sandbox, 'rm part1; echo fits > small; cat small')).out).toBe('fits\n');
  const large = { path: '/work/large', content: Buffer.alloc(2_000_000) };
  await expect(sandbox.files.write([large])).rejects.toMatchObject({ code: 'sandbox-failed' });
});

it('kills the command that asks for too much memory, and only that one', async () => {
  const sandbox = await open({ limits: { ...embeddedSpec.limits, memoryMb: 24 } });
  const other = await open();
  await say(sandbox, 'echo kept > kept');
  const [greedy, fine] = await Promise.all([
    say(sandbox, 'echo before; seq 1 3000000 | sort | wc -l', { timeoutMs: 50_000 }),
    say(other, 'sleep 0.5; echo fine'),
  ]);
  expect(greedy).toMatchObject({ out: 'before\n', code: 137 });
  expect(greedy.err).toContain('out of memory');
  expect(fine.out).toBe('fine\n');
  expect((await say(sandbox, 'cat kept')).out).toBe('kept\n');
});

it('stops the agent once it is quiesced', async () => {
  const sandbox = await open();
  const running = sandbox.exec('echo x > x; sleep 60');
  const stopped = expect(running).rejects.toMatchObject({ code: 'interrupted' });
  const written = () => sandbox.files.read('/work/x').then(String, () => '');
  await expect.poll(written, { timeout: 20_000 }).toBe('x\n');
  await sandbox.quiesce();
  await stopped;
  await expect(sandbox.exec('true')).rejects.toMatchObject({ code: 'sandbox-failed' });
  expect((await say(sandbox, 'cat x', { as: 'harness' })).out).toBe('x\n');
});

it('ends what runs when it is closed', async () => {
  const sandbox = await open();
  const running = expect(sandbox.exec('sleep 60')).rejects.toMatchObject({ code: 'sandbox-broken' });
  await sandbox.close();
  await running;
});
