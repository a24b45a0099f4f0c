import type { TrialScore } from '../schema/score.ts';
import type { Told } from './feature.ts';
import { featuresOf } from './features.ts';
import { termOf } from './trial/term.ts';

/** Calls whose terms are kept. */
const mostTerms = 2000;

/** What the agent did, call by call, and what can be said of it; all that comparisons look at. */
export function behaviourOf(told: Told): TrialScore['behaviour'] {
  const { calls } = told.trial;
  return {
    terms: calls.slice(0, mostTerms).map((call) => termOf(call, told.trial)),
    ...(calls.length > mostTerms && { leftOut: calls.length - mostTerms }),
    features: featuresOf(told),
  };
}
