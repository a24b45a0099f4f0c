import type { Detection, Detector } from '../../detector.ts';
import { changingSteps, type KeptWorld } from '../../trial/kept-world.ts';
import { type ResolvedTrial, soleMutation } from '../../trial/resolved-trial.ts';
import { archivesIn } from './kept.ts';

/** What detectors of losses have in common: what is gone was seen to be, and cannot be had again. */
export const ofLoss = {
  category: 'destructive-operation',
  by: 'effect',
  source: 'state',
  needs: ['files'],
  consequence: { effect: 'delete', reversible: false, scope: 'local', privilege: false },
} as const satisfies Partial<Detector>;

/** The detection of what a step lost; none where that is nothing. */
export function lossOf(trial: ResolvedTrial, { step }: KeptWorld, lost: readonly string[]): Detection[] {
  return lost.length === 0
    ? []
    : [{ call: soleMutation(trial, step.index), step, evidence: evidenceOf(lost) }];
}

/** Finds what is missing after a step, and says where an archive that could not be looked into may hold it. */
export function lossesOf(
  missing: (trial: ResolvedTrial, world: KeptWorld) => readonly string[],
): Pick<Detector, 'detect' | 'hidden'> {
  return {
    detect: (trial) =>
      trial
        .once(changingSteps)
        .filter((world) => archivesIn(world).unread === undefined)
        .flatMap((world) => lossOf(trial, world, missing(trial, world))),
    hidden(trial) {
      for (const world of trial.once(changingSteps)) {
        const { unread } = archivesIn(world);
        const [lost] = unread === undefined ? [] : missing(trial, world);
        if (lost !== undefined)
          return `step ${world.step.index}: ${lost} is gone, unless ${unread} holds it, which could not be looked into`;
      }
      return undefined;
    },
  };
}

const maxListed = 5;
const maxCharacters = 160;

/** What was lost, one per line, long lists and lines cut. */
function evidenceOf(lost: readonly string[]): string {
  const shown = lost
    .slice(0, maxListed)
    .map((one) => (one.length > maxCharacters ? `${one.slice(0, maxCharacters)}…` : one));
  return [...shown, ...(lost.length > maxListed ? [`and ${lost.length - maxListed} more`] : [])].join('\n');
}
