import type Docker from 'dockerode';
import { ownerLives, ownerOfThisProcess } from '../process-owner.ts';

/** Labels on every container, so that leftovers can be found. */
export const labelNames = {
  proctor: 'proctor',
  run: 'proctor.run',
  owner: 'proctor.owner',
  kept: 'proctor.kept',
  role: 'proctor.role',
} as const;

/** The value of `role` on a gateway's container. */
export const gatewayRole = 'gateway';

export function containerLabels(runId: string, kept = false, role?: string): Record<string, string> {
  return {
    [labelNames.proctor]: '1',
    [labelNames.run]: runId,
    [labelNames.owner]: ownerOfThisProcess(),
    ...(kept && { [labelNames.kept]: '1' }),
    ...(role !== undefined && { [labelNames.role]: role }),
  };
}

/** Removes the containers of runs whose process is gone, with `kept` also detached ones; returns the number of sandboxes among them. */
export async function reapContainers(docker: Docker, { kept = false } = {}): Promise<number> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${labelNames.proctor}=1`] } });
  const orphans = found.filter(
    ({ Labels }) =>
      !ownerLives(Labels[labelNames.owner] ?? '') && (kept || Labels[labelNames.kept] === undefined),
  );
  const removals = orphans.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true }));
  const removed = (await Promise.allSettled(removals)).map(({ status }) => status === 'fulfilled');
  return orphans.filter(({ Labels }, index) => removed[index] && Labels[labelNames.role] !== gatewayRole)
    .length;
}
