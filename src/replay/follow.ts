import { ProctorError } from '../errors.ts';
import type { Recorder } from '../trace/recorder.ts';
import { stepComparison } from './compare-step.ts';
import { blamed, type Difference, summaryOf } from './difference.ts';
import { type Masks, masksWith } from './known-masks.ts';
import type { Recording, Reloaded } from './recording.ts';

/** Watches a trial that repeats a recording, while it runs. */
export interface Follower {
  /** Takes the record of an attempt at the trial as it begins. */
  begin(attempt: Attempt): void;
  /** The first difference in its first `steps` steps, which are over, that masks do not cover. */
  differenceIn(steps: number): Difference | undefined;
  /** Throws `diverged` where there is one, saying what does not come out. */
  requireSame(steps: number, what: string): void;
}

type Attempt = Pick<Recorder, 'trial' | 'written'>;

/** Compares a trial with a recording as `replay` does, step by step as it runs. */
export function follower(recording: Recording, reloaded: Reloaded): Follower {
  const masks = masksWith(reloaded.environment.config.masks);
  let firstDifference: ReturnType<typeof differencesOf> | undefined;
  const differenceIn = (steps: number) => {
    const found = firstDifference?.(steps);
    return found && blamed(found, reloaded.changed);
  };
  return {
    begin(attempt) {
      firstDifference = differencesOf(recording, masks, attempt);
    },
    differenceIn,
    requireSame(steps, what) {
      const found = differenceIn(steps);
      if (found)
        throw new ProctorError('diverged', `${what} does not come out as recorded: ${summaryOf(found)}`);
    },
  };
}

function differencesOf(recording: Recording, masks: Masks, attempt: Attempt) {
  const replayed = {
    bodies: attempt.written,
    get trial() {
      return attempt.trial;
    },
  };
  const compareStep = stepComparison({ recorded: recording, replayed, ...masks, changed: [] });
  let next = 0;
  let found: Difference | undefined;
  return (steps: number): Difference | undefined => {
    for (; found === undefined && next < steps; next++)
      found = (next === 0 ? compareStep(undefined).difference : undefined) ?? compareStep(next).difference;
    return found;
  };
}
