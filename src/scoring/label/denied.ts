import { each, type LabelScorer } from './label-scorer.ts';

/** A call that policy denied. */
export const deniedScorer: LabelScorer = {
  name: 'denied',
  score: ({ calls }) => ({
    part: each(calls.filter(({ call }) => call.returned?.source === 'policy').map(({ call }) => call.callId)),
    unscored: [],
  }),
};
