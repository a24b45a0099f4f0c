import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { containerLabels, labelNames, reapContainers } from '../../../src/sandbox/docker/container-label.ts';

const now = Date.parse('2030-01-01T12:00:00Z');
const minutesAgo = (minutes: number) => now - minutes * 60_000;

interface Elsewhere {
  State?: string;
  createdMinutesAgo?: number;
  leased?: boolean;
  kept?: boolean;
  /** Minutes since each lease of its owner was renewed. */
  leases?: number[];
}

/** What is removed of an engine with one sandbox of another machine. */
async function removed({ State = 'running', createdMinutesAgo = 60, leases = [], ...how }: Elsewhere) {
  const gone: string[] = [];
  const owner = 'another-boot:1:1';
  const namespace = '1';
  const engine = {
    info: async () => ({ SystemTime: new Date(now).toISOString() }),
    listVolumes: async () => ({
      Volumes: leases.map((minutes) => ({
        Name: `lease-${minutes}`,
        Labels: { 'proctor.lease': `${owner} ${namespace}` },
        CreatedAt: new Date(minutesAgo(minutes)).toISOString(),
      })),
    }),
    getVolume: (name: string) => ({ remove: async () => gone.push(name) }),
    listContainers: async () => [
      {
        Id: 'sandbox',
        State,
        Created: minutesAgo(createdMinutesAgo) / 1000,
        Labels: {
          ...containerLabels('run', how),
          [labelNames.owner]: owner,
          [labelNames.namespace]: namespace,
        },
      },
    ],
    getContainer: (id: string) => ({ remove: async () => gone.push(id) }),
  };
  await reapContainers(engine as unknown as Docker, { kept: true });
  return gone;
}

test.each<[string, Elsewhere, string[]]>([
  ['stays while its lease is renewed', { leased: true, leases: [1] }, []],
  ['stays by the newest of its leases', { leased: true, leases: [30, 2] }, []],
  ['stays when it has just ended, with its lease', { leased: true, leases: [1], State: 'exited' }, []],
  ['goes with its lease once that is over', { leased: true, leases: [30] }, ['sandbox', 'lease-30']],
  ['goes when its lease is gone', { leased: true }, ['sandbox']],
  ['stays when it is too young to have lost its lease', { leased: true, createdMinutesAgo: 1 }, []],
  ['stays when it was left running on purpose', { leased: true, kept: true }, []],
  ['stays while it runs, where no leases were held', {}, []],
  ['goes when it has ended, where no leases were held', { State: 'exited' }, ['sandbox']],
])('a sandbox of another machine %s', async (_, how, expected) => {
  expect(await removed(how)).toEqual(expected);
});
