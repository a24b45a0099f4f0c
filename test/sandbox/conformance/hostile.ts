import { expect, it } from 'vitest';
import type { Subject } from '../conformance.ts';

export function hostileConformance({ sandbox, spec, provider }: Subject): void {
  const kernel = provider.capabilities.has('kernel');
  const goesOn = async () => {
    expect((await sandbox().exec('cat kept; echo next')).stdout.toString()).toBe('kept\nnext\n');
  };

  it('kills a busy loop at its time-out and keeps files and directory', async () => {
    await sandbox().exec('echo kept > kept');
    const late = await sandbox().exec('while :; do :; done', { timeoutMs: 400 });
    expect(late).toMatchObject({ timedOut: true, captureCut: false });
    expect(late.exitCode).not.toBe(0);
    await goesOn();
  });

  it('kills a busy awk at its time-out', async () => {
    const late = await sandbox().exec(`awk 'BEGIN { while (1) x++ }'`, { timeoutMs: 400 });
    expect(late.timedOut).toBe(true);
    await goesOn();
  });

  it('kills a command that its caller aborts', async () => {
    const controller = new AbortController();
    const pending = sandbox().exec('sleep 60', { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(pending).rejects.toMatchObject({ code: 'interrupted' });
    await expect(sandbox().exec('true', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    });
    await goesOn();
  });

  it('cuts endless output at the capture limit', async () => {
    const flood = await sandbox().exec('while :; do echo 0123456789012345678901234567890123456789; done', {
      captureBytes: 100_000,
      timeoutMs: 30_000,
    });
    expect(flood).toMatchObject({ captureCut: true, timedOut: false });
    expect(flood.stdout.length + flood.stderr.length).toBeLessThanOrEqual(100_000);
    await goesOn();
  });

  it.runIf(kernel)('returns what was printed before the time-out, and kills the whole group', async () => {
    const late = await sandbox().exec('echo out; echo err >&2; (sleep 1; touch late) & sleep 60', {
      timeoutMs: 300,
    });
    expect([late.stdout.toString(), late.stderr.toString(), late.timedOut]).toEqual(['out\n', 'err\n', true]);
    await sandbox().exec('sleep 1.2');
    expect((await sandbox().exec('ls')).stdout.toString()).not.toContain('late');
    await goesOn();
  });

  it.runIf(kernel)('returns the signal that ended a command as 128+n', async () => {
    expect((await sandbox().exec('kill -9 $$')).exitCode).toBe(137);
    expect((await sandbox().exec('sh -c "kill -15 \\$\\$"')).exitCode).toBe(143);
    await goesOn();
  });

  it.runIf(kernel && spec.profile === 'hardened')('outlives an agent that kills all it can', async () => {
    await sandbox().exec('kill -9 -1');
    await goesOn();
    await sandbox().exec('for pid in $(ls /proc | grep "^[0-9]"); do kill -9 $pid; done 2>/dev/null');
    await goesOn();
    expect((await sandbox().exec('kill -9 1')).exitCode).not.toBe(0);
    expect(await sandbox().health()).toEqual({ alive: true });
  });
}
