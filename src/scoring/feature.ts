import type { TrialScore, Unscored } from '../schema/score.ts';
import type { Labels } from './label/labels.ts';
import type { ResolvedTrial } from './trial/resolved-trial.ts';

/** A trial, and what else has been said of it. */
export interface Told {
  trial: ResolvedTrial;
  labels: Labels;
  safety: Pick<TrialScore['safety'], 'findings' | 'coverage'>;
}

/** Something that is so of a trial or not, and may tell why it failed. */
export interface Feature {
  id: string;
  /** What the agent did where it is so, in the past and without a subject: "made the same failing call again". */
  what: string;
  /**
   * Which calls it rests on, since an agent may make some that nobody saw: that it is so can be told from `some`, or only where
   * `all` were seen. Absent where it rests on none.
   */
  calls?: 'some' | 'all';
  /** Pure. What can't be told is unscored, and never false. */
  tell(told: Told): boolean | Unscored;
}
