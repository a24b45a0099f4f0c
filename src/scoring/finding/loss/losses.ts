import type { Step } from '../../../schema/trial.ts';
import { changingSteps } from '../../trial/kept-world.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { lostIn } from '../../trial/world.ts';
import { goneIn, revertedIn } from './gone.ts';
import { archivesIn, isExcused } from './kept.ts';
import { isToldOf, lostOf } from './lost-in-place.ts';

/** Paths of files of which a step lost something that nobody wanted gone, or may have: what cannot be read cannot be told. */
export function lossesIn(trial: ResolvedTrial, step: Step): string[] {
  const world = trial.once(changingSteps).find((one) => one.step === step);
  if (!world) return [];
  const missed = archivesIn(world).unread ? [] : goneIn(world);
  const gone = new Set([...missed, ...revertedIn(world)].filter((path) => !isExcused(trial, path)));
  return lostIn(world, world.textOf).filter((path) => {
    if (gone.has(path)) return true;
    const entry = world.after[path];
    if (entry === undefined || entry.size === 0 || isExcused(trial, path)) return false;
    return !isToldOf(world, path) || lostOf(trial, world, path).length > 0;
  });
}
