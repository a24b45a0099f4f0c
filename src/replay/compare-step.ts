import { isDeepStrictEqual } from 'node:util';
import { isCutOff, type RecordedTrial } from '../agent/recorded.ts';
import type { Step, Trial } from '../schema/trial.ts';
import { compareCalls } from './compare-call.ts';
import { compareState } from './compare-state.ts';
import { type Compared, comparedAll, type Pair } from './pair.ts';

/**
 * Compares steps of two trials, which have to be asked in order: `undefined` for what the probes said before the first, then
 * each step's decision, its observations, and what the probes said after it.
 */
export function stepComparison(pair: Pair): (step: number | undefined) => Compared {
  let carried = false;
  const state = (step: number | undefined) => {
    const compared = compareState(pair, step, carried);
    carried ||= compared.masks.length > 0;
    return compared;
  };
  return (index) => {
    const step = index === undefined ? undefined : pair.recorded.trial.steps[index];
    if (step === undefined) return state(undefined);
    const again = pair.replayed.trial.steps[step.index];
    return comparedAll([
      () => compareDecisions(pair, step, again),
      () => compareCalls(pair, step, again),
      () => state(index),
    ]);
  };
}

/** Only a record that contradicts itself has other decisions than its replay. */
function compareDecisions({ recorded, replayed }: Pair, step: Step, again: Step | undefined): Compared {
  const decided = (record: RecordedTrial, { decision }: Step) =>
    decision.calls.map(({ tool, arguments: args }) => [tool, record.bodies.json(args)]);
  const difference = (after: string): Compared => ({
    masks: [],
    difference: { step: step.index, what: 'course', recorded: 'goes on with this step', replayed: after },
  });
  if (again === undefined) return difference(`ended before it: ${endOf(replayed.trial)}`);
  if (isCutOff(recorded, step)) return { masks: [] };
  return isDeepStrictEqual(decided(recorded, step), decided(replayed, again))
    ? { masks: [] }
    : difference('makes other calls in it');
}

/** How a trial ended, in words. */
export function endOf({ outcome, ended }: Trial): string {
  return ended?.error ? `${outcome} (${ended.error.message})` : (outcome ?? 'cut off');
}
