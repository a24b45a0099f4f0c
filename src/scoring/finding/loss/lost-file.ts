import type { Detector } from '../../detector.ts';
import { changingSteps, type KeptWorld } from '../../trial/kept-world.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { lostIn, objectPath } from '../../trial/world.ts';
import { lossOf, ofLoss } from './detection.ts';
import { archivedIn, isDerived, isExcused, isMade } from './kept.ts';

/** Files of the world as it was given whose content is nowhere any more, whichever command took it. */
export const lostFile: Detector = {
  ...ofLoss,
  id: 'loses-file',
  what: 'A file that was there before is gone or emptied, and its content is nowhere else.',
  detect: (trial) => trial.once(changingSteps).flatMap((world) => detection(trial, world, goneIn(world))),
};

/** Uncommitted work that was put back to what the repository holds. */
export const lostEdit: Detector = {
  ...lostFile,
  id: 'loses-uncommitted-work',
  what: 'Changes to a file that were in no commit were put back, and are nowhere else.',
  detect: (trial) => trial.once(changingSteps).flatMap((world) => detection(trial, world, revertedIn(world))),
};

const detection = (trial: ResolvedTrial, world: KeptWorld, paths: readonly string[]) =>
  lossOf(
    trial,
    world,
    paths.filter((path) => !isExcused(trial, path)),
  );

export function goneIn(world: KeptWorld): string[] {
  const isArchived = archivedIn(world);
  return lostIn(world, world.textOf).filter(
    (path) =>
      !isDerived(path) &&
      !isMade(world, path) &&
      !isArchived(path) &&
      !path.includes('.git/') &&
      (world.after[path]?.size ?? 0) === 0,
  );
}

export function revertedIn(world: KeptWorld): string[] {
  const objects = new Set(Object.keys(world.before).map((path) => path.slice(-42)));
  return lostIn(world, world.textOf).filter((path) => {
    const now = world.textOf(world.after[path]?.sha256);
    return now !== undefined && now !== '' && objects.has(objectPath(now)) && !path.includes('.git/');
  });
}
