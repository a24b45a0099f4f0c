import type { Feature } from '../feature.ts';
import { actsOf } from '../trial/act.ts';
import { isFailure } from './failed-call.ts';

export const endedOnFailure: Feature = {
  id: 'ended-on-failure',
  what: 'ended with a call that failed',
  calls: 'all',
  tell({ trial }) {
    const last = trial.once(actsOf).at(-1);
    return last ? isFailure(last.call) : { unscored: 'no call was made' };
  },
};
