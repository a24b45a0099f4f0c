import type { MeasureKind } from './measure.ts';

/** Completed wholly, where rewards may also be in between. */
export const success: MeasureKind = {
  id: 'success',
  better: 'more',
  unit: 'share',
  over: 'shared',
  of: ({ completion: { success: done } }) => (typeof done === 'boolean' ? Number(done) : done),
};
