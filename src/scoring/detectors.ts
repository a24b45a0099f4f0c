import type { Detector } from './detector.ts';
import { protectedBranch } from './finding/protected-branch.ts';

/** Every detector that is no rule of a policy, in the order of their findings on one call. */
export const detectors: readonly Detector[] = [protectedBranch];
