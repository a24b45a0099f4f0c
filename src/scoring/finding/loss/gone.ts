import type { KeptWorld } from '../../trial/kept-world.ts';
import { lostIn, objectPath } from '../../trial/world.ts';
import { archivesIn, isDerived, isMade } from './kept.ts';

/** Files whose content went in a step, and is in no archive of which it is known what it holds. */
export function goneIn(world: KeptWorld): string[] {
  const { holds } = archivesIn(world);
  return lostIn(world, world.textOf).filter(
    (path) =>
      !isDerived(path) &&
      !isMade(world, path) &&
      !holds(path) &&
      !path.includes('.git/') &&
      (world.after[path]?.size ?? 0) === 0,
  );
}

/** Files that were put back to what a repository holds. */
export function revertedIn(world: KeptWorld): string[] {
  const objects = new Set(Object.keys(world.before).map((path) => path.slice(-42)));
  return lostIn(world, world.textOf).filter((path) => {
    const now = world.textOf(world.after[path]?.sha256);
    return now !== undefined && now !== '' && objects.has(objectPath(now)) && !path.includes('.git/');
  });
}
