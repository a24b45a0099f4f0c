import type Docker from 'dockerode';
import { labelNames } from './label.ts';
import { ownerLives } from './owner.ts';

/** Removes the containers of runs whose process is gone; returns how many. */
export async function reapContainers(docker: Docker): Promise<number> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${labelNames.proctor}=1`] } });
  const orphans = found.filter(({ Labels }) => !ownerLives(Labels[labelNames.owner] ?? ''));
  const removed = await Promise.all(
    orphans.map(({ Id }) =>
      docker
        .getContainer(Id)
        .remove({ force: true, v: true })
        .then(
          () => 1,
          () => 0,
        ),
    ),
  );
  return removed.reduce<number>((sum, one) => sum + one, 0);
}
