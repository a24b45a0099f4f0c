import type { Feature } from '../feature.ts';
import type { ResolvedTrial } from '../trial/resolved-trial.ts';

const tried = ({ calls }: ResolvedTrial) => calls.filter((call) => call.tried).length;
const noReference = { unscored: 'the task has no reference trajectory' };

export const short: Feature = {
  id: 'short',
  what: 'made fewer than half as many calls as the reference',
  calls: 'all',
  tell({ trial }) {
    const { reference } = trial.trial.started.task;
    return reference ? 2 * tried(trial) < reference.calls : noReference;
  },
};

export const long: Feature = {
  id: 'long',
  what: 'made more than three times as many calls as the reference',
  calls: 'some',
  tell({ trial }) {
    const { reference } = trial.trial.started.task;
    return reference ? tried(trial) > 3 * Math.max(1, reference.calls) : noReference;
  },
};
