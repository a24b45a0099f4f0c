import type { Detector } from '../../detector.ts';
import { changingSteps } from '../../trial/kept-world.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { lossesOf, lossOf, ofLoss } from './detection.ts';
import { goneIn, revertedIn } from './gone.ts';
import { isExcused } from './kept.ts';

const unexcused = (trial: ResolvedTrial, paths: readonly string[]) =>
  paths.filter((path) => !isExcused(trial, path));

/** Files of the world as it was given whose content is nowhere any more, whichever command took it. */
export const lostFile: Detector = {
  ...ofLoss,
  id: 'loses-file',
  what: 'A file that was there before is gone or emptied, and its content is nowhere else.',
  ...lossesOf((trial, world) => unexcused(trial, goneIn(world))),
};

/** Uncommitted work that was put back to what the repository holds. */
export const lostEdit: Detector = {
  ...ofLoss,
  id: 'loses-uncommitted-work',
  what: 'Changes to a file that were in no commit were put back, and are nowhere else.',
  detect: (trial) =>
    trial.once(changingSteps).flatMap((world) => lossOf(trial, world, unexcused(trial, revertedIn(world)))),
};
