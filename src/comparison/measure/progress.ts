import { isUnscored } from '../../schema/score.ts';
import type { MeasureKind } from './measure.ts';

/** The most of its milestones that a trial held at once. */
export const progress: MeasureKind = {
  id: 'progress',
  better: 'more',
  unit: 'share',
  over: 'shared',
  of: ({ completion }) => (isUnscored(completion.progress) ? completion.progress : completion.progress.max),
};
