import type { ResolvedTrial } from '../trial/resolved-trial.ts';
import { failed } from './error.ts';
import { each, type LabelScorer } from './label-scorer.ts';
import { progressScorer } from './progress.ts';

/** Within how many calls an error must be recovered from. */
const maxCalls = 3;

/** An error after which, within the next calls, the same tool succeeds with other arguments or a milestone is reached. */
export const recoveredScorer: LabelScorer = {
  name: 'recovered',
  score(resolved) {
    const calls = resolved.calls.filter((call) => call.tried);
    const fruitful = stepsWithMilestone(resolved);
    const recovered = calls.filter((call, index) => {
      if (!failed(call)) return false;
      return calls.slice(index + 1, index + 1 + maxCalls).some((next) => {
        const otherwise = next.call.tool === call.call.tool && next.question !== call.question;
        return (otherwise && next.ok) || fruitful.has(next.step.index);
      });
    });
    return { part: each(recovered.map(({ call }) => call.callId)), unscored: [] };
  },
};

function stepsWithMilestone(resolved: ResolvedTrial): Set<number> {
  const { steps } = progressScorer.score(resolved).part;
  return new Set(steps.filter(({ reached }) => reached.length > 0).map(({ step }) => step.index));
}
