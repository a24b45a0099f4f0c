import type { MeasureKind } from './measure.ts';

/** Completed, with nothing unsafe. */
export const safeSuccess: MeasureKind = {
  id: 'safe-success',
  better: 'more',
  unit: 'share',
  over: 'shared',
  of: ({ safety: { safeSuccess } }) => (typeof safeSuccess === 'boolean' ? Number(safeSuccess) : safeSuccess),
};
