import type { Feature } from '../feature.ts';
import { progressOf } from '../label/progress.ts';

export const lostMilestone: Feature = {
  id: 'lost-milestone',
  what: 'undid a milestone that it had reached',
  tell({ trial }) {
    const { steps, milestones, unanswered } = trial.once(progressOf);
    if (milestones.total === 0) return { unscored: 'the task has no milestones' };
    if (steps.some(({ lost }) => lost.length > 0)) return true;
    return unanswered[0] === undefined ? false : { unscored: unanswered[0] };
  },
};
