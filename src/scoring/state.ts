import type { Step, Trial } from '../schema/trial.ts';

/**
 * Whether a step changed the state; undefined where that is not known: the environment has no state, or a probe
 * on either side of the step did not answer.
 */
export function changedState(trial: Trial, step: Step): boolean | undefined {
  const after = step.state;
  if (!after || after.error !== undefined) return undefined;
  if (after.changes.length > 0) return true;
  const before = digestBefore(trial, step);
  if (before === undefined || after.digest === undefined) return undefined;
  return before !== after.digest;
}

function digestBefore(trial: Trial, step: Step): string | undefined {
  const earlier = trial.steps.findLast((other) => other.index < step.index);
  if (!earlier) return trial.initial?.digest;
  return earlier.state?.error === undefined ? earlier.state?.digest : undefined;
}
