import type { Adapt, RecordedTrial } from '../agent/recorded.ts';
import { ProctorError } from '../errors.ts';
import type { Recorder } from '../trace/recorder.ts';
import { type BoundIds, boundIds, decisionInReplay } from './bound-ids.ts';
import { stepComparison } from './compare-step.ts';
import { blamed, type Difference, summaryOf } from './difference.ts';
import { masksWith } from './known-masks.ts';
import { ownSecond } from './own-second.ts';
import type { Pair } from './pair.ts';
import type { Recording, Reloaded } from './recording.ts';

/** Watches a trial that repeats a recording, while it runs. */
export interface Follower {
  /** Takes the record of an attempt at the trial as it begins. */
  begin(attempt: Attempt): void;
  /** The first difference in its first `steps` steps, which are over, that masks do not cover. */
  differenceIn(steps: number): Difference | undefined;
  /** Throws `diverged` where there is one, saying what does not come out. */
  requireSame(steps: number, what: string): void;
  /** A recorded decision as it has to be made now, after so many steps: with the ids that servers made up this time. */
  adapt: Adapt;
  /** Waits before a recorded call is made again, as `untilOwnSecond` says. */
  paced(callId: string, signal: AbortSignal): Promise<void>;
  /** The ids that servers made up, as far as the attempt has come. */
  ids: Pick<BoundIds, 'inReplay'>;
}

type Attempt = Pick<Recorder, 'trial' | 'written'>;

/** Compares a trial with a recording as `replay` does, step by step as it runs. */
export function follower(recording: Recording, reloaded: Reloaded): Follower {
  const masks = masksWith(reloaded.environment.config.masks);
  let firstDifference: ReturnType<typeof differencesOf> | undefined;
  let ids: BoundIds | undefined;
  let attempted: Attempt | undefined;
  const inReplay: BoundIds['inReplay'] = (recorded) => ids?.inReplay(recorded) ?? recorded;
  const differenceIn = (steps: number) => {
    const found = firstDifference?.(steps);
    return found && blamed(found, reloaded.changed);
  };
  return {
    begin(attempt) {
      attempted = attempt;
      const replayed = asRecord(attempt);
      ids = boundIds({ recorded: recording, replayed });
      firstDifference = differencesOf({ recorded: recording, replayed, ...masks, changed: [] }, ids);
    },
    differenceIn,
    requireSame(steps, what) {
      const found = differenceIn(steps);
      if (found)
        throw new ProctorError('diverged', `${what} does not come out as recorded: ${summaryOf(found)}`);
    },
    adapt(decision, steps) {
      ids?.follow(steps);
      return decisionInReplay(decision, { inReplay });
    },
    async paced(callId, signal) {
      if (attempted) await ownSecond(recording.trial, attempted.trial, callId, signal);
    },
    ids: { inReplay },
  };
}

/** A trial that goes on, to be read like one that is recorded. */
const asRecord = (attempt: Attempt): RecordedTrial => ({
  bodies: attempt.written,
  get trial() {
    return attempt.trial;
  },
});

function differencesOf(pair: Pair, ids: BoundIds) {
  const compareStep = stepComparison(pair, ids);
  let next = 0;
  let found: Difference | undefined;
  return (steps: number): Difference | undefined => {
    for (; found === undefined && next < steps; next++)
      found = (next === 0 ? compareStep(undefined).difference : undefined) ?? compareStep(next).difference;
    return found;
  };
}
