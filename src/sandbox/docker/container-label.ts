import type Docker from 'dockerode';
import { namespaceOfThisProcess, ownerOfThisProcess, stateOfOwner } from '../process-owner.ts';
import { type Leases, leaseHolder, leaseMs, readLeases, removeLeases } from './lease.ts';

/** Labels on every container, so that leftovers can be found. */
export const labelNames = {
  proctor: 'proctor',
  run: 'proctor.run',
  owner: 'proctor.owner',
  namespace: 'proctor.namespace',
  kept: 'proctor.kept',
  role: 'proctor.role',
  leased: 'proctor.leased',
  group: 'proctor.group',
} as const;

/** The values of `role` on containers that serve a sandbox. */
export const gatewayRole = 'gateway';
export const relayRole = 'relay';
export const watchRole = 'watch';

/** The value of `role` on what belongs to the services of a sandbox. */
export const serviceRole = 'service';

export function containerLabels(
  runId: string,
  { kept = false, leased = false, role }: { kept?: boolean; leased?: boolean; role?: string } = {},
): Record<string, string> {
  return {
    [labelNames.proctor]: '1',
    [labelNames.run]: runId,
    [labelNames.owner]: ownerOfThisProcess(),
    [labelNames.namespace]: namespaceOfThisProcess(),
    ...(kept && { [labelNames.kept]: '1' }),
    ...(leased && { [labelNames.leased]: '1' }),
    ...(role !== undefined && { [labelNames.role]: role }),
  };
}

/**
 * Removes the containers of runs whose process is gone, with `kept` also detached ones; returns the number of sandboxes among them. Where
 * the process can't be seen from here, it is taken to live while its container runs and its lease is renewed.
 */
export async function reapContainers(docker: Docker, { kept = false } = {}): Promise<number> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${labelNames.proctor}=1`] } });
  const leases = await readLeases(docker);
  const orphans = found.filter(
    (container) => isOrphan(container, leases) && (kept || container.Labels[labelNames.kept] === undefined),
  );
  const removals = orphans.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true }));
  const removed = (await Promise.allSettled(removals)).map(({ status }) => status === 'fulfilled');
  await removeShared(docker, (labels) => {
    const holder = leaseHolder(labels[labelNames.owner], labels[labelNames.namespace]);
    return isGone(holder, leases) && (kept || labels[labelNames.kept] === undefined);
  }).catch(() => {});
  await removeLeases(docker, (holder) => isGone(holder, leases)).catch(() => {});
  return orphans.filter(({ Labels }, index) => removed[index] && Labels[labelNames.role] === undefined)
    .length;
}

/** Removes the networks and volumes of sandboxes with services; what a container still uses stays. */
async function removeShared(
  docker: Docker,
  isOver: (labels: Record<string, string>) => boolean,
): Promise<void> {
  const filters = { label: [`${labelNames.proctor}=1`] };
  const [networks, { Volumes }] = await Promise.all([
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters: filters as never }),
  ]);
  const over = <T extends { Labels?: Record<string, string> | undefined }>(all: readonly T[] | null) =>
    (all ?? []).filter(({ Labels }) => isOver(Labels ?? {}));
  await Promise.allSettled([
    ...over(networks).map(({ Id }) => docker.getNetwork(Id).remove()),
    ...over(Volumes).map(({ Name }) => docker.getVolume(Name).remove()),
  ]);
}

/** A sandbox's main process ends with its connection to the harness, so that one which runs is in use unless it was detached. */
function isOrphan({ Labels, State, Created }: Docker.ContainerInfo, leases: Leases | undefined): boolean {
  const holder = leaseHolder(Labels[labelNames.owner], Labels[labelNames.namespace]);
  if (stateOf(holder) !== 'unseen' || leases?.renewed.has(holder)) return isGone(holder, leases);
  if (!['running', 'paused', 'restarting'].includes(State)) return true;
  const lostItsLease = Labels[labelNames.leased] !== undefined && Labels[labelNames.kept] === undefined;
  return lostItsLease && leases !== undefined && leases.now - Created * 1000 > leaseMs;
}

function isGone(holder: string, leases: Leases | undefined): boolean {
  const state = stateOf(holder);
  if (state !== 'unseen') return state === 'gone';
  const renewed = leases?.renewed.get(holder);
  return leases !== undefined && renewed !== undefined && leases.now - renewed > leaseMs;
}

function stateOf(holder: string) {
  const [owner = '', namespace = ''] = holder.split(' ');
  return stateOfOwner(owner, namespace);
}
