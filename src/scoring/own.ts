import type { Detector } from './detector.ts';
import type { Feature } from './feature.ts';

/** Detectors and features of a project's own, which judge every trial beside those that ship. */
export interface OwnScorers {
  detectors: readonly Detector[];
  features: readonly Feature[];
  /** sha256 of the modules they are in: what scores are kept by. */
  digest: string;
}

let own: OwnScorers | undefined;

/** Takes scorers in for the whole process, in the place of those before; to be called before anything is scored. */
export function setOwnScorers(scorers: OwnScorers | undefined): void {
  own = scorers;
}

/** Undefined where the project has none. */
export const ownScorers = (): OwnScorers | undefined => own;
