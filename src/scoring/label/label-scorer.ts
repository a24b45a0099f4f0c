import type { StepLabel } from '../../schema/score.ts';
import type { Scorer } from '../trial/scorer.ts';

/** Ids of the calls with a label, and the number of instances, of which one may span several calls. */
export interface Labelled {
  callIds: Set<string>;
  count: number;
}

/** A scorer that puts one label on calls. */
export type LabelScorer = Scorer<Labelled> & { readonly name: StepLabel };

/** One instance per call. */
export function each(callIds: Iterable<string>): Labelled {
  const set = new Set(callIds);
  return { callIds: set, count: set.size };
}
