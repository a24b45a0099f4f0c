import { afterAll, describe, expect, it } from 'vitest';
import { startContainer } from '../../../src/sandbox/docker/container.ts';
import { initArgv } from '../../../src/sandbox/docker/container-init.ts';
import { connectEngine } from '../../../src/sandbox/docker/engine.ts';
import { leftoverProcesses } from '../../../src/sandbox/docker/leftover-processes.ts';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { engine, engineNote } from '../../engine.ts';
import { specOf } from './spec.ts';

describe.skipIf(!engine)(`what is left in a container${engineNote}`, () => {
  const provider = dockerProvider({ runId: 'test-leftover', poolSize: 0 });
  afterAll(() => provider.close());

  it('is told by name and number, without the shells and servers of the harness', async () => {
    const sandbox = await provider.open(specOf());
    await sandbox.spawn(['sleep', '60']);
    await sandbox.exec('true', { as: 'harness' });
    await sandbox.exec('setsid sh -c "sleep 61; true" > /dev/null 2>&1 & sleep 0.3');
    const { count, processes } = await sandbox.quiesce();
    expect([...processes].sort()).toEqual(['sh', 'sleep']);
    expect(count).toBe(2);
    expect((await sandbox.quiesce()).count).toBe(0);
    await sandbox.close();
  }, 60_000);

  it('counts how often memory and processes were at their limit', async () => {
    const sandbox = await provider.open(specOf({ limits: { memoryMb: 64, cpus: 1, pids: 40 } }));
    await sandbox.exec('for i in $(seq 60); do sleep 1 & done; wait', { timeoutMs: 20_000 });
    await sandbox.exec('python3 -c "x = bytearray(200_000_000)"', { timeoutMs: 20_000 });
    const { oomKills, pidsRefused } = await sandbox.quiesce();
    expect(pidsRefused).toBeGreaterThan(0);
    expect(oomKills).toBeGreaterThan(0);
    await sandbox.close();
  }, 60_000);

  it('leaves nothing of a program of the harness that was late', async () => {
    const request = {
      Image: 'debian:bookworm-slim',
      Entrypoint: ['sh'],
      Cmd: initArgv.slice(1),
      OpenStdin: true,
    };
    const running = await startContainer(connectEngine(), request, 'root');
    const late = running.init.run('find / -maxdepth 0 -exec sh -c "sleep 62; true" \\;', 700);
    await expect(late).rejects.toMatchObject({ code: 'sandbox-failed' });
    expect((await leftoverProcesses(running.init)).processes).toEqual([]);
    await running.remove();
  }, 60_000);

  it('hashes a file with many names once, and no more than a few large ones at a time', async () => {
    const sandbox = await provider.open(specOf());
    const root = sandbox.info.workdir;
    await sandbox.files.survey([root]);
    await sandbox.exec('truncate -s 250M a; for i in $(seq 100); do ln a a$i; truncate -s 250M b$i; done');
    const begun = await sandbox.files.survey([root]);
    const names = (tree: typeof begun, letter: string) =>
      Object.entries(tree).filter(([path, { sha256 }]) => path.startsWith(`${root}/${letter}`) && sha256);
    expect(new Set(names(begun, 'a').map(([, { sha256 }]) => sha256)).size).toBeLessThanOrEqual(1);
    expect(names(begun, 'a').length + names(begun, 'b').length).toBeLessThanOrEqual(103);
    expect(await sandbox.files.survey([root])).toEqual(begun);
    await sandbox.close();
  }, 60_000);

  it('leaves nothing of the harness behind a file of holes without end, which is surveyed without being read', async () => {
    const sandbox = await provider.open(specOf());
    await sandbox.exec('truncate -s 4T /tmp/holes');
    const tree = await sandbox.files.survey(['/tmp']);
    expect(tree['/tmp/holes']).toEqual({ type: 'file', mode: '644', size: 4 * 1024 ** 4 });
    expect((await sandbox.quiesce()).count).toBe(0);
    await sandbox.close();
  }, 60_000);

  it('differs from the image by what the engine says, without the folders around it', async () => {
    const sandbox = await provider.open(specOf({ user: '0:0', files: [] }));
    await sandbox.exec('mkdir /made; echo 1 > /made/file; rm /usr/bin/diff; echo >> /etc/passwd');
    const changed = await sandbox.files.changed?.();
    expect(changed?.filter(({ path }) => /^\/(made|usr|etc)/.test(path))).toEqual(
      expect.arrayContaining([
        { path: '/made/file', op: 'created' },
        { path: '/usr/bin/diff', op: 'deleted' },
        { path: '/etc/passwd', op: 'changed' },
      ]),
    );
    expect(changed).not.toContainEqual({ path: '/usr/bin', op: 'changed' });
    await sandbox.close();
  }, 60_000);
});
