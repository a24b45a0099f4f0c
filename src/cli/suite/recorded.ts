import { selectSets } from '../../comparison/select-set.ts';
import { isScored, type SetTrial } from '../../comparison/trial-set.ts';
import { ProctorError } from '../../errors.ts';
import { say } from '../print.ts';

/** Which recorded trials a command looks at. */
export interface RecordedFlags {
  out: string;
  task: string[];
  tag: string[];
  agent: string[];
}

/** The trials of all sets that are named, each once. Throws `nothing-scored` where none of them was scored. */
export function recordedTrials(selectors: readonly string[], { out, ...filter }: RecordedFlags): SetTrial[] {
  const { task, tag, agent } = filter;
  const sets = selectSets(selectors, out, { task, tag, agent });
  for (const { trial, message } of sets.flatMap(({ unreadable }) => unreadable))
    say(`${trial} is left out: ${message}`);
  const trials = [...new Map(sets.flatMap((set) => set.trials).map((one) => [one.dir, one])).values()];
  if (!trials.some(isScored)) throw new ProctorError('nothing-scored', 'no trial of these runs was scored');
  return trials;
}
