import type { Flip } from '../schema/comparison.ts';
import type { TrialPlace } from '../schema/trial-place.ts';
import { placeOf } from './flip.ts';
import { isCompleted } from './measure/pass-rate.ts';
import type { Paired } from './pairing.ts';
import type { SetTrial } from './trial-set.ts';

/** A task that an experiment looks at, with one recorded trial of each set. */
export interface ExperimentTask {
  task: string;
  a: RecordedSide;
  b: RecordedSide;
}

export interface RecordedSide {
  trial: TrialPlace;
  /** Trials of the set that completed the task, and all that were scored. */
  completed: number;
  of: number;
}

/** Tasks that one set completed and the other did not; or all that both have, with the trials that show how most went. */
export function experimentTasks(
  flips: readonly Flip[],
  { tasks, pairing }: Paired,
  options: { all: boolean },
): ExperimentTask[] {
  if (pairing.design === 'unpaired') return [];
  if (options.all) return tasks.map(({ task, a, b }) => ({ task, a: sideOf(a), b: sideOf(b) }));
  return flips
    .filter(({ kind }) => kind === 'broke' || kind === 'fixed')
    .map(({ task, a, b }) => ({ task, a: ofFlip(a), b: ofFlip(b) }));
}

const ofFlip = ({ count, of, trial }: Flip['a']): RecordedSide => ({ trial, completed: count, of });

function sideOf(trials: readonly SetTrial[]): RecordedSide {
  const completed = trials.filter(isCompleted);
  const mostly = completed.length * 2 > trials.length;
  const shown = trials.find((trial) => isCompleted(trial) === mostly);
  return { trial: placeOf(shown), completed: completed.length, of: trials.length };
}
