import type { Feature } from '../feature.ts';
import { actsOf } from '../trial/act.ts';

export const wroteFirst: Feature = {
  id: 'wrote-first',
  what: 'changed something before it had looked at anything',
  calls: 'all',
  tell({ trial }) {
    const first = trial.once(actsOf).find(({ wrote, looked }) => wrote !== false || looked !== false);
    if (!first) return false;
    if (first.looked) return false;
    return first.wrote ?? { unscored: `nobody declared what ${first.call.call.tool} does` };
  },
};
