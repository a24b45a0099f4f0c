import type { Feature } from '../feature.ts';
import { actsOf } from '../trial/act.ts';
import { isFailure } from './failed-call.ts';

/** Nothing but looking came between the two, so that the second could not go better. */
export const repeatedFailure: Feature = {
  id: 'repeated-failure',
  what: 'made the same failing call again, with nothing changed between',
  calls: 'some',
  tell({ trial }) {
    const acts = trial.once(actsOf);
    const failed = new Set<string>();
    for (const { call, wrote } of acts) {
      if (isFailure(call)) {
        if (failed.has(call.question)) return true;
        failed.add(call.question);
      } else if (wrote !== false) failed.clear();
    }
    return false;
  },
};
