import { expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import type { Subject } from '../conformance.ts';

export function lifecycleConformance({ sandbox, spec, provider }: Subject): void {
  it('says what it is', async () => {
    expect(sandbox().id).toMatch(/^[\w.-]+$/);
    expect(sandbox().info).toMatchObject({
      provider: provider.name,
      profile: spec.profile,
      workdir: spec.workdir,
    });
    expect(sandbox().info.engine).toMatch(/\d/);
    expect(await sandbox().health()).toEqual({ alive: true });
  });

  it('can be wrapped by spreading it and its files', async () => {
    const { files } = sandbox();
    const wrapped: Sandbox = { ...sandbox(), files: { ...files, survey: async () => ({}) } };
    await wrapped.files.write([{ path: `${spec.workdir}/wrapped`, content: Buffer.from('same sandbox') }]);
    expect((await wrapped.exec('cat wrapped; rm wrapped')).stdout.toString()).toBe('same sandbox');
    expect([await wrapped.health(), await wrapped.files.survey(['/'])]).toEqual([{ alive: true }, {}]);
  });

  it('opens sandboxes that share nothing', async () => {
    const other = await provider.open(spec);
    try {
      expect(other.id).not.toBe(sandbox().id);
      await sandbox().exec('echo mine > only-here; export ONLY_HERE=1');
      const seen = await other.exec('cat only-here; printenv ONLY_HERE || echo none');
      expect(seen.stdout.toString()).toBe('none\n');
    } finally {
      await other.close();
    }
  });

  it('refuses everything once it is closed, and may be closed twice', async () => {
    const closed = await provider.open(spec);
    await closed.close();
    await closed.close();
    await expect(closed.exec('true')).rejects.toMatchObject({ code: 'sandbox-broken' });
    await expect(closed.files.read('/etc/hostname')).rejects.toMatchObject({ code: 'sandbox-broken' });
    await expect(closed.files.survey([spec.workdir])).rejects.toMatchObject({ code: 'sandbox-broken' });
    expect(await closed.health()).toMatchObject({ alive: false });
  });

  it('does not open when it was aborted before', async () => {
    await expect(provider.open(spec, AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('still serves the harness after it was quiesced', async () => {
    const quiet = await provider.open(spec);
    try {
      await quiet.exec('echo done > result');
      await quiet.quiesce();
      expect((await quiet.files.read(`${spec.workdir}/result`)).toString()).toBe('done\n');
      expect((await quiet.exec('cat result', { as: 'harness' })).stdout.toString()).toBe('done\n');
      expect(await quiet.health()).toEqual({ alive: true });
    } finally {
      await quiet.close();
    }
  });

  it.runIf(provider.capabilities.has('background'))(
    'lets jobs outlive their command until it is quiesced',
    async () => {
      const busy = await provider.open(spec);
      try {
        const started = await busy.exec('(while :; do echo x >> beat; sleep 0.05; done) & echo started');
        expect(started).toMatchObject({ exitCode: 0, timedOut: false });
        const beat = async () =>
          (await busy.exec('sleep 0.5; wc -c < beat', { as: 'harness' })).stdout.toString();
        expect(await beat()).not.toBe(await beat());
        await busy.quiesce();
        expect(await beat()).toBe(await beat());
      } finally {
        await busy.close();
      }
    },
  );

  if (provider.capabilities.has('spawn')) {
    it('speaks with a spawned program over its streams', async () => {
      const child = await sandbox().spawn(
        ['sh', '-c', 'echo ready >&2; cat; echo "$MARK" in "$PWD"; exit 3'],
        {
          env: { MARK: 'm' },
          cwd: '/tmp',
        },
      );
      const out: Buffer[] = [];
      const said = new Promise<void>((resolve) => child.onStderr(() => resolve()));
      const echoed = new Promise<void>((resolve) => {
        child.onStdout((chunk) => {
          out.push(chunk);
          if (Buffer.concat(out).toString().includes('two\n')) resolve();
        });
      });
      await said;
      await child.write(Buffer.from('one\ntwo\n'));
      await echoed;
      expect(Buffer.concat(out).toString()).toBe('one\ntwo\n');
      await child.kill();
      await child.exited;
    });

    it('tells the exit code of a spawned program', async () => {
      const child = await sandbox().spawn(['sh', '-c', 'exit 3']);
      expect(await child.exited).toBe(3);
    });
  } else {
    it('refuses to spawn', async () => {
      await expect(sandbox().spawn(['true'])).rejects.toMatchObject({ code: 'unsupported' });
    });
  }
}
