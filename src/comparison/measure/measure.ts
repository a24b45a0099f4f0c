import type { Measure } from '../../schema/comparison.ts';
import type { TrialScore, Unscored } from '../../schema/score.ts';

/** One figure that two sets are compared by. */
export interface MeasureKind extends Pick<Measure, 'id' | 'better' | 'unit' | 'over'> {
  /** What one trial counts; of trials that have no reward, nothing is asked. */
  of(score: TrialScore): number | Unscored;
}
