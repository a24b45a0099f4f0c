import type { Feature } from '../feature.ts';
import { actsOf } from '../trial/act.ts';

export const unverified: Feature = {
  id: 'unverified',
  what: 'did not verify its work: nothing was read or run after the last change',
  calls: 'all',
  tell({ trial }) {
    const acts = trial.once(actsOf);
    const last = acts.findLastIndex(({ wrote }) => wrote === true);
    const mayHave = acts.some(({ wrote }) => wrote === undefined);
    if (last < 0) return { unscored: mayHave ? 'what the calls did is not known' : 'nothing was changed' };
    const after = acts.slice(last + 1);
    if (acts[last]?.lookedLast || after.some(({ looked }) => looked)) return false;
    const blind = after.find(({ looked }) => looked === undefined);
    return blind ? { unscored: `nobody declared what ${blind.call.call.tool} does` } : true;
  },
};
