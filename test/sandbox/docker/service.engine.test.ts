import { afterAll, describe, expect, it } from 'vitest';
import { labelNames } from '../../../src/sandbox/docker/container-label.ts';
import { connectEngine } from '../../../src/sandbox/docker/engine.ts';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import type { ServiceGroup, ServiceSpec } from '../../../src/sandbox/service.ts';
import { engine, engineNote } from '../../engine.ts';
import { specOf } from './spec.ts';

const runId = `test-service-${process.pid}`;
const docker = connectEngine();
const provider = dockerProvider({ runId, poolSize: 0 });

const settings = {
  dependsOn: [],
  mounts: [],
  files: [],
  extraHosts: [],
  ulimits: [],
  sysctls: {},
  groups: [],
  labels: {},
};
const networks = [{ name: 'default', aliases: ['pages'] }];
const web: ServiceSpec = {
  ...{
    name: 'web',
    image: specOf().image,
    ...settings,
    networks,
    env: {},
    limits: { memoryMb: 64 },
    capAdd: [],
    capDrop: [],
  },
  command: ['python3', '-m', 'http.server', '80', '-d', '/srv'],
  healthcheck: { test: ['CMD', 'curl', '-sf', 'http://localhost'], intervalMs: 60_000 },
  files: [{ path: '/etc/given.txt', content: Buffer.from('given') }],
  mounts: [
    {
      kind: 'volume',
      name: 'pages',
      target: '/srv',
      readOnly: true,
      files: [{ path: 'a.txt', content: Buffer.from('page\n') }],
    },
    { kind: 'tmpfs', target: '/memory', bytes: 1024 * 1024 },
  ],
};
const groupOf = (...services: ServiceSpec[]): ServiceGroup => ({
  services,
  main: { ...settings, networks: [{ name: 'default', aliases: [] }] },
  networks: [{ name: 'default', internal: false }],
});

const said = async (sandbox: Sandbox, command: string) =>
  (await sandbox.exec(command, { timeoutMs: 20_000 })).stdout.toString();

/** What of this run is left on the engine. */
async function left() {
  const filters = { label: [`${labelNames.run}=${runId}`] };
  const [containers, networksLeft, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters: filters as never }),
  ]);
  return [...containers, ...networksLeft, ...(Volumes ?? [])];
}

afterAll(() => provider.close());

describe.skipIf(!engine)(`a sandbox with services${engineNote}`, () => {
  it('reaches them by their names and nothing else, looks at their files, and is told when one ends', async () => {
    const sandbox = await provider.open(specOf({ services: groupOf(web) }));
    try {
      expect(await said(sandbox, 'curl -s http://web/a.txt http://pages/a.txt')).toBe('page\npage\n');
      expect(
        await said(sandbox, 'curl -s -m 1 http://192.0.2.7; curl -s -m 1 http://example.com; echo no'),
      ).toBe('no\n');
      const gateway = `python3 -c "import socket; print('.'.join(socket.gethostbyname('web').split('.')[:3]) + '.1')"`;
      expect(await said(sandbox, `curl -s -m 1 http://$(${gateway}):22; echo $?`)).toMatch(/^(7|28)\n$/);
      const tree = await sandbox.files.survey(['web:/srv', 'web:/etc/given.txt']);
      expect(Object.keys(tree)).toEqual(['web:/srv', 'web:/srv/a.txt', 'web:/etc/given.txt']);
      const { sha256 = '', size } = tree['web:/srv/a.txt'] ?? { size: 0 };
      const contents = await sandbox.files.contents([{ path: 'web:/srv/a.txt', sha256, size }]);
      expect(contents.get(sha256)?.toString()).toBe('page\n');
      const inWeb = { as: 'harness', service: 'web' } as const;
      const { stdout, exitCode } = await sandbox.exec('cat /etc/given.txt; touch /srv/new', inWeb);
      expect([stdout.toString(), exitCode]).toEqual(['given', 1]);
      await sandbox.exec('echo kept > /memory/x', inWeb);
      expect(
        (await sandbox.files.collect(['web:/memory/x'])).map(({ content }) => content.toString()),
      ).toEqual(['kept\n']);
      expect(await sandbox.serviceTroubles?.()).toEqual([]);
      await sandbox.exec('kill -INT 1', inWeb);
      await expect
        .poll(async () => sandbox.serviceTroubles?.())
        .toMatchObject([{ service: 'web', what: 'ended' }]);
      expect((await sandbox.exec('true', inWeb)).exitCode).toBe(137);
    } finally {
      await sandbox.close();
    }
  }, 60_000);

  it('reaches them without an attempt where its network is a sink', async () => {
    const sandbox = await provider.open(specOf({ services: groupOf(web), network: 'sink' }));
    try {
      expect(await said(sandbox, 'curl -s http://web/a.txt')).toBe('page\n');
      expect(await sandbox.attempts?.()).toEqual([]);
      await said(sandbox, 'curl -s -m 5 http://example.com');
      expect((await sandbox.attempts?.())?.map(({ attempt }) => attempt.name)).toContain('example.com');
    } finally {
      await sandbox.close();
    }
  }, 60_000);

  it.each([
    [
      'ends',
      { command: ['sh', '-c', 'echo no such table; exit 3'] },
      /^the service web ended with exit code 3 before the agent could start; its last lines: no such table$/,
    ],
    [
      'is unhealthy',
      { healthcheck: { test: ['CMD-SHELL', 'echo not yet; exit 1'], intervalMs: 300, retries: 2 } },
      /^the service web is unhealthy \(not yet\) before/,
    ],
  ])(
    'is not opened where one %s, which is named, and leaves nothing behind',
    async (_, changes, message) => {
      await expect(
        provider.open(specOf({ services: groupOf({ ...web, ...changes } as ServiceSpec) })),
      ).rejects.toThrow(message);
      await provider.close();
      expect(await left()).toEqual([]);
    },
    60_000,
  );
});
