import type { Feature } from '../feature.ts';
import { toolsLike } from '../need.ts';
import { actsOf } from '../trial/act.ts';
import type { ResolvedTrial } from '../trial/resolved-trial.ts';
import { isFailure } from './failed-call.ts';

const tests = (trial: ResolvedTrial) => trial.once(actsOf).filter(({ tested }) => tested);

export const untested: Feature = {
  id: 'untested',
  what: 'never ran a test',
  calls: 'all',
  tell({ trial }) {
    if (tests(trial).length > 0) return false;
    return trial.once(toolsLike).has('bash') ? true : { unscored: 'there is no shell' };
  },
};

/** Runs of which it is not known how they ended, in imported records, are judged by what they printed. */
export const failingTests: Feature = {
  id: 'failing-tests',
  what: 'ended although the tests it ran last had failed',
  calls: 'all',
  tell({ trial }) {
    const last = tests(trial).at(-1)?.call;
    if (!last) return { unscored: 'no test was run' };
    return (
      isFailure(last) ||
      (last.exitCode === undefined &&
        /\b[1-9]\d* (tests? )?(failed|failing)\b|^FAILED\b|^not ok \d/m.test(last.text))
    );
  },
};
