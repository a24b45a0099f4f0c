import type { Inheritance } from '../orchestrator/plan.ts';
import type { Limits } from '../schema/limits.ts';
import type { Edits } from './edit.ts';
import type { Follower } from './follow.ts';
import { type Rejudged, recordedJudge } from './recorded-judge.ts';
import { type Repeating, recordedToolbox } from './recorded-toolbox.ts';
import type { Recording } from './recording.ts';

export interface Inheriting extends Repeating {
  /** Whether what they used counts against the limits. */
  counts: boolean;
  limits: Limits;
  phaseSeconds?: Inheritance['phaseSeconds'];
  edits?: Edits;
  /** Told of each recorded call that the policy of today would judge otherwise. */
  rejudged?(difference: Rejudged): void;
  /** Follows what the trial writes. */
  followed: Follower;
}

/** What a new trial takes over from a recording: seed, clock, verdicts, answers that can't be had again, and its lineage. */
export function inherit(recording: Recording, inheriting: Inheriting): Inheritance {
  const { started } = recording.trial;
  const { steps, counts, limits, phaseSeconds, edits, followed, rejudged = () => {} } = inheriting;
  return {
    ...(steps > 0 && { parent: { trace: recording.name, step: steps - 1 } }),
    seed: started.seed,
    clock: started.clock,
    canaries: started.canaries,
    limits,
    phaseSeconds,
    steps,
    counts,
    judge: (today) => recordedJudge(recording, steps, today, rejudged),
    toolbox: (open) => recordedToolbox(recording, open, { ...inheriting, ids: followed.ids }),
    follow: followed.begin,
    paced: followed.paced,
    ...(edits && {
      shown: (callId: string) => edits.shown.get(callId),
      notice: (step: number) => edits.notices.get(step),
    }),
  };
}
