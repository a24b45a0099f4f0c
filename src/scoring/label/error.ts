import type { ResolvedCall } from '../trial/resolved-trial.ts';
import { each, type LabelScorer } from './label-scorer.ts';

/** Whether a call went wrong through the agent's doing or the tool's; a denial and an interruption are neither. */
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
