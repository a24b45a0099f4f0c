import type { ResolvedCall } from '../trial/resolved-trial.ts';
import { each, type LabelScorer } from './label-scorer.ts';

/** Whether a call failed because of the agent or the tool; denials and interruptions do not count. */
export function failed({ call }: ResolvedCall): boolean {
  const { returned } = call;
  if (!returned?.isError || returned.source === 'policy') return false;
  return returned.errorClass !== 'denied' && returned.errorClass !== 'interrupted';
}

/** A call that returned an error. */
export const errorScorer: LabelScorer = {
  name: 'error',
  score: ({ calls }) => ({
    part: each(calls.filter(failed).map(({ call }) => call.callId)),
    unscored: [],
  }),
};
