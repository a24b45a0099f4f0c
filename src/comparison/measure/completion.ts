import { effectiveReward } from '../../scoring/tally.ts';
import type { MeasureKind } from './measure.ts';

/** The reward, or zero where tampering voids it. */
export const completion: MeasureKind = {
  id: 'completion',
  better: 'more',
  unit: 'share',
  over: 'shared',
  of: effectiveReward,
};
