import type { Feature } from '../feature.ts';

const longMs = 60_000;

/** Many imported records have no times. */
export const silence: Feature = {
  id: 'silence',
  what: 'spent more than a minute on one decision',
  tell({ trial: { trial } }) {
    if (trial.steps.some(({ thoughtMs }) => thoughtMs > longMs)) return true;
    return trial.steps.some(({ thoughtMs }) => thoughtMs > 0) ? false : { unscored: 'no times are known' };
  },
};
