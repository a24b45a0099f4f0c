import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerLabels, labelNames } from '../../../src/sandbox/docker/container-label.ts';
import { connectEngine, engineAnswers } from '../../../src/sandbox/docker/engine.ts';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { engine, engineNote } from '../../engine.ts';
import { folderOf } from '../../folder.ts';
import { specOf } from './spec.ts';

describe('without an engine', () => {
  const host = process.env.DOCKER_HOST;
  beforeAll(() => {
    process.env.DOCKER_HOST = 'unix:///no/such/engine.sock';
  });
  afterAll(() => {
    if (host === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = host;
  });

  it('says so in one line that names the socket', async () => {
    const opened = dockerProvider({ runId: 'test' }).open(specOf());
    const message = expect.stringMatching(
      /^No container engine answers at unix:\/\/\/no\/such\/engine\.sock .*start it/,
    );
    await expect(opened).rejects.toMatchObject({ code: 'engine-unreachable', message });
    expect(await engineAnswers()).toEqual({ ok: false, reason: message });
  });
});

describe.skipIf(!engine)(`the docker provider${engineNote}`, () => {
  const docker = connectEngine();
  const provider = dockerProvider({ runId: 'test-provider', poolSize: 1 });
  const isThere = (id: string) =>
    docker
      .getContainer(id)
      .inspect()
      .then(
        () => true,
        () => false,
      );
  afterAll(() => provider.close());

  it('labels containers with the run and the process that owns them', async () => {
    const sandbox = await provider.open(specOf());
    const { Config, HostConfig } = await docker.getContainer(sandbox.id).inspect();
    await sandbox.close();
    expect(Config.Labels).toMatchObject(containerLabels('test-provider'));
    expect(HostConfig).toMatchObject({
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      PidsLimit: 128,
      Memory: 2 ** 28,
    });
  });

  it('blames the agent for what the engine can not do with what it left, and the harness for what fails in any sandbox', async () => {
    const sandbox = await provider.open(specOf({ workdir: '/w' }));
    const deep = 'for i in $(seq 250); do mkdir dddddddddddddddddddd; cd dddddddddddddddddddd; done';
    await sandbox.exec(`cd /tmp; ${deep}`);
    await sandbox.quiesce();
    await expect(sandbox.files.changed?.()).rejects.toMatchObject({
      code: 'sandbox-broken',
      message: expect.stringMatching(/though an untouched one can: The engine did not report .{1,300}$/),
    });
    const nowhere = [{ path: `/${'x'.repeat(300)}`, content: Buffer.from('') }];
    await expect(sandbox.files.write(nowhere)).rejects.toMatchObject({ code: 'sandbox-failed' });
    await sandbox.close();
  }, 60_000);

  it('runs the ENTRYPOINT of an image before a compatible sandbox is used, and not that of a hardened one', async () => {
    const lines = ['#!/bin/sh', 'echo "$PWD $HOW" > /seeded', 'sleep 1000 &', 'exec "$@"'];
    const context = folderOf({
      'e.sh': `${lines.join('\n')}\n`,
      Dockerfile:
        'FROM debian:bookworm-slim\nCOPY e.sh /\nRUN chmod +x /e.sh\nWORKDIR /srv\nENTRYPOINT ["/e.sh"]\nCMD ["bash"]\n',
    });
    const spec = specOf({
      image: { kind: 'build', context },
      workdir: '/w',
      files: [],
      env: { HOW: 'well' },
    });
    const seen = async (profile: 'hardened' | 'compatible') => {
      const sandbox = await provider.open({ ...spec, profile });
      const { stdout } = await sandbox.exec('cat /seeded; cat /proc/[0-9]*/comm | grep -c sleep');
      const { processes } = await sandbox.quiesce();
      await sandbox.close();
      return [stdout.toString(), processes];
    };
    expect(await seen('compatible')).toEqual(['/srv well\n1\n', []]);
    expect(await seen('hardened')).toEqual(['0\n', []]);
  }, 60_000);

  it('hands out waiting containers, which share nothing, and removes what still waits', async () => {
    const pooled = dockerProvider({ runId: 'test-pool', poolSize: 1 });
    await pooled.prepare(specOf(), () => {});
    const list = () =>
      docker.listContainers({ all: true, filters: { label: [`${labelNames.run}=test-pool`] } });
    const waiting = (await list()).map(({ Names: [name = ''] }) => name.slice(1));
    const spec = specOf({ workdir: '/elsewhere', env: { LATE: 'yes' } });
    const sandbox = await pooled.open(spec);
    expect(waiting).toEqual([sandbox.id]);
    expect((await sandbox.exec('echo "$LATE" in "$PWD"')).stdout.toString()).toBe('yes in /elsewhere\n');
    await sandbox.close();
    await pooled.close();
    expect(await list()).toEqual([]);
  });

  it('reaps what a process that is gone left, and nothing else', async () => {
    const sandbox = await provider.open(specOf());
    const labels = { ...containerLabels('test-gone'), [labelNames.owner]: 'another-boot:1:1' };
    const orphan = await docker.createContainer({
      Image: sandbox.info.imageId as string,
      Cmd: ['true'],
      Labels: labels,
    });
    expect(await provider.reap()).toBeGreaterThanOrEqual(1);
    expect([await isThere(orphan.id), await isThere(sandbox.id)]).toEqual([false, true]);
    await sandbox.close();
  });

  it('leaves running sandboxes of places it can not see into alone until their lease is over', async () => {
    const image = (await docker.getImage('debian:bookworm-slim').inspect()).Id;
    const start = async (owner: string, labels: Record<string, string> = {}) => {
      const container = await docker.createContainer({
        Image: image,
        Cmd: ['sleep', '1000'],
        Labels: { ...containerLabels('test-elsewhere'), ...labels, [labelNames.owner]: owner },
      });
      await container.start();
      return container;
    };
    const boot = `elsewhere-${Date.now()}`;
    const live = await start(`${boot}:${process.pid}:1`);
    const ended = await start(`${boot}:1:1`);
    await ended.kill();
    const here = containerLabels('x')[labelNames.owner]?.split(':')[0];
    const otherNamespace = await start(`${here}:999999:1`, { [labelNames.namespace]: '1' });
    try {
      await provider.reap();
      const left = await Promise.all([live, ended, otherNamespace].map(({ id }) => isThere(id)));
      expect(left).toEqual([true, false, true]);
    } finally {
      for (const one of [live, otherNamespace]) await one.remove({ force: true });
    }
  });

  it('tells a sandbox whose container was killed', async () => {
    const sandbox = await provider.open(specOf());
    const running = sandbox.exec('sleep 60');
    const failed = expect(running).rejects.toMatchObject({
      code: 'sandbox-lost',
      message: /was killed from outside/,
    });
    await sandbox.health();
    await docker.getContainer(sandbox.id).kill();
    await failed;
    await expect(sandbox.files.read('/etc/hostname')).rejects.toMatchObject({ code: 'sandbox-lost' });
    expect(await sandbox.health()).toMatchObject({ alive: false });
    await sandbox.close();
  });

  it('tells a sandbox whose container was removed from one whose agent ended it', async () => {
    const [removed, ended] = await Promise.all([
      provider.open(specOf()),
      provider.open(specOf({ profile: 'compatible' })),
    ]);
    await docker.getContainer(removed.id).remove({ force: true });
    await expect(removed.exec('true')).rejects.toMatchObject({ code: 'sandbox-lost' });
    await expect(ended.exec('echo "exit 3" > /proc/1/fd/0; sleep 60')).rejects.toMatchObject({
      code: 'sandbox-broken',
      message: /ended with exit code 3/,
    });
    await Promise.all([removed.close(), ended.close()]);
  });

  it('names an image that can neither be found nor pulled', async () => {
    const reference = 'localhost:1/no/such-image:1';
    const opened = provider.open(specOf({ image: { kind: 'reference', reference } }));
    await expect(opened).rejects.toMatchObject({
      code: 'image-unavailable',
      message: expect.stringContaining(reference),
    });
  });

  it('shows the end of a build that failed', async () => {
    const context = await mkdtemp(join(tmpdir(), 'proctor-build-'));
    try {
      await writeFile(
        join(context, 'Dockerfile'),
        'FROM debian:bookworm-slim\nRUN echo on the way && exit 9\n',
      );
      const opened = provider.open(specOf({ image: { kind: 'build', context } }));
      const message = expect.stringMatching(/returned a non-zero code: 9.*on the way/s);
      await expect(opened).rejects.toMatchObject({ code: 'image-build-failed', message });
    } finally {
      await rm(context, { recursive: true });
    }
  });

  it('opens nothing as a user that the image does not have', async () => {
    await expect(provider.open(specOf({ user: 'nobody-here' }))).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: 'The image has no user "nobody-here", as whom the agent is to work.',
    });
    const sandbox = await provider.open(specOf({ user: '4711' }));
    expect((await sandbox.exec('id -u; id -g')).stdout.toString()).toBe('4711\n0\n');
    await sandbox.close();
  });

  it('runs in an image that has only sh and no user of ours', async () => {
    const image = { kind: 'reference', reference: 'debian:bookworm-slim' } as const;
    const sandbox = await provider.open(specOf({ image }));
    const result = await sandbox.exec('echo "$HOME"; touch here && id -u');
    expect(result.stdout.toString()).toBe('/work/task dir\n1000\n');
    await sandbox.close();
  });
});
