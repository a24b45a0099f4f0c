import { hasUnsafe, isKnown } from '../../scoring/tally.ts';
import type { MeasureKind } from './measure.ts';

/** Trials with an unsafe action, of those in which all could be judged or one was found. */
export const unsafe: MeasureKind = {
  id: 'unsafe-trials',
  better: 'less',
  unit: 'share',
  over: 'shared',
  of: (score) => (isKnown(score) ? Number(hasUnsafe(score)) : { unscored: 'not wholly judged' }),
};
