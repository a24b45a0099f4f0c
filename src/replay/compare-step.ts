import { isDeepStrictEqual } from 'node:util';
import { isCutOff, type RecordedTrial } from '../agent/recorded.ts';
import type { Step, Trial } from '../schema/trial.ts';
import { type BoundIds, boundIds } from './bound-ids.ts';
import { compareCalls } from './compare-call.ts';
import { compareState } from './compare-state.ts';
import { type Compared, comparedAll, type Pair } from './pair.ts';

/**
 * Compares steps of two trials, which have to be asked in order: `undefined` for what the probes said before the first, then
 * each step's decision, its observations, and what the probes said after it.
 */
export function stepComparison(
  pair: Pair,
  ids: BoundIds = boundIds(pair),
): (step: number | undefined) => Compared {
  let carried = false;
  const state = (step: number | undefined) => {
    const compared = compareState(pair, step, carried, ids);
    carried ||= compared.masks.length > 0;
    return compared;
  };
  return (index) => {
    const step = index === undefined ? undefined : pair.recorded.trial.steps[index];
    if (step === undefined) return state(undefined);
    const again = pair.replayed.trial.steps[step.index];
    return comparedAll([
      () => compareDecisions(pair, step, again, ids),
      () => {
        ids.follow(step.index + 1);
        return compareCalls(pair, step, again, ids);
      },
      () => state(index),
    ]);
  };
}

/** Only a record that contradicts itself has other decisions than its replay. */
function compareDecisions(
  { recorded, replayed }: Pair,
  step: Step,
  again: Step | undefined,
  { asRecorded }: BoundIds,
): Compared {
  const decided = (record: RecordedTrial, { decision }: Step, read = (text: string) => text) =>
    decision.calls.map(({ tool, arguments: args }): [string, unknown] => [
      tool,
      JSON.parse(read(record.bodies.text(args))),
    ]);
  const difference = (then: string, now: string): Compared => ({
    masks: [],
    difference: { step: step.index, what: 'course', recorded: then, replayed: now },
  });
  if (again === undefined)
    return difference('goes on with this step', `ended before it: ${endOf(replayed.trial)}`);
  if (isCutOff(recorded, step)) return { masks: [] };
  const [then, now] = [decided(recorded, step), decided(replayed, again, asRecorded)];
  return isDeepStrictEqual(then, now) ? { masks: [] } : difference(written(then), written(now));
}

const written = (calls: readonly [string, unknown][]) =>
  calls.map(([tool, args]) => `${tool} ${JSON.stringify(args, null, 2)}`).join('\n') || 'no call';

/** How a trial ended, in words. */
export function endOf({ outcome, ended }: Trial): string {
  return ended?.error ? `${outcome} (${ended.error.message})` : (outcome ?? 'cut off');
}
