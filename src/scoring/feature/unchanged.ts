import type { Feature } from '../feature.ts';
import { actsOf } from '../trial/act.ts';
import { netEffectsOf } from '../trial/effect.ts';
import { unseenChanges } from '../trial/world.ts';

export const unchanged: Feature = {
  id: 'unchanged',
  what: 'handed in without having changed anything',
  calls: 'all',
  tell({ trial }) {
    if (trial.trial.outcome !== 'submitted') return false;
    const [unseen] = unseenChanges(trial.trial);
    if (unseen === undefined && netEffectsOf(trial).length > 0) return false;
    const acts = trial.once(actsOf);
    if (
      acts.some(({ wrote, call }) => wrote && (unseen !== undefined || call.declared?.scope === 'external'))
    )
      return false;
    if (unseen === undefined) return true;
    return acts.some(({ wrote }) => wrote === undefined) ? { unscored: unseen } : true;
  },
};
