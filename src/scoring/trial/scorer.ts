import type { ResolvedTrial } from './resolved-trial.ts';

/** What a scorer says, and the reasons for what it could not judge. */
interface Judged<Part> {
  part: Part;
  /** Reasons, each a sentence; not empty means that `part` may lack something, never that it is safe. */
  unscored: string[];
}

/** One view of a trial: a pure function of its trace. */
export interface Scorer<Part> {
  /** As it is named among the `unscored`. */
  readonly name: string;
  score(resolved: ResolvedTrial): Judged<Part>;
}
