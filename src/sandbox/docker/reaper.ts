import type Docker from 'dockerode';
import { labelNames } from './label.ts';
import { ownerLives } from './owner.ts';

/** Removes the containers of runs whose process is gone; returns how many. Those that were left running on purpose go only with `kept`. */
export async function reapContainers(docker: Docker, { kept = false } = {}): Promise<number> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${labelNames.proctor}=1`] } });
  const orphans = found.filter(
    ({ Labels }) =>
      !ownerLives(Labels[labelNames.owner] ?? '') && (kept || Labels[labelNames.kept] === undefined),
  );
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
