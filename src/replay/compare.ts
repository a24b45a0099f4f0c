import { isDeepStrictEqual } from 'node:util';
import { isCutOff, type RecordedTrial } from '../agent/recorded.ts';
import type { Step, Trial } from '../schema/trial.ts';
import { compareCalls } from './compare-call.ts';
import { compareState } from './compare-state.ts';
import type { Difference } from './difference.ts';
import type { Compared, Pair } from './pair.ts';
import { sameOutcome } from './recording.ts';

/** How a replay went, against its record. */
export interface Comparison {
  verdict: 'identical' | 'equivalent' | 'diverged';
  /** Names of the masks without which the two are not the same. */
  masks: string[];
  /** The first one; absent unless diverged. */
  difference?: Difference;
  /** Steps that were compared. */
  steps: number;
}

/** Compares every observation, every probe's answer and the final reward of a replay with its record. Pure. */
export function compareTrials(pair: Pair): Comparison {
  const { recorded, replayed } = pair;
  const masks = new Set<string>();
  let carried = false;
  const state = (step: number | undefined) => {
    const compared = compareState(pair, step, carried);
    carried ||= 'masks' in compared && compared.masks.length > 0;
    return compared;
  };
  const parts = [
    () => state(undefined),
    ...recorded.trial.steps.flatMap((step, index) => [
      () => compareDecisions(pair, step, replayed.trial.steps[index]),
      () => compareCalls(pair, step, replayed.trial.steps[index]),
      () => state(index),
    ]),
    () => compareEnds(pair),
  ];
  for (const part of parts) {
    const compared = part();
    if ('difference' in compared) return diverged(compared.difference, masks, pair);
    for (const mask of compared.masks) masks.add(mask);
  }
  return {
    verdict: masks.size === 0 ? 'identical' : 'equivalent',
    masks: [...masks],
    steps: recorded.trial.steps.length,
  };
}

function diverged(difference: Difference, masks: Set<string>, { recorded, changed }: Pair): Comparison {
  const cause = changed.length > 0 ? `${changed.join(', ')} changed since` : difference.cause;
  return {
    verdict: 'diverged',
    masks: [...masks],
    difference: { ...difference, ...(cause !== undefined && { cause }) },
    steps: difference.step ?? recorded.trial.steps.length,
  };
}

/** Only a record that contradicts itself has other decisions than its replay. */
function compareDecisions({ recorded, replayed }: Pair, step: Step, again: Step | undefined): Compared {
  const decided = (record: RecordedTrial, { decision }: Step) =>
    decision.calls.map(({ tool, arguments: args }) => [tool, record.bodies.json(args)]);
  const difference = (after: string): Compared => ({
    difference: { step: step.index, what: 'course', recorded: 'goes on with this step', replayed: after },
  });
  if (again === undefined) return difference(`ended before it: ${endOf(replayed.trial)}`);
  if (isCutOff(recorded, step)) return { masks: [] };
  return isDeepStrictEqual(decided(recorded, step), decided(replayed, again))
    ? { masks: [] }
    : difference('makes other calls in it');
}

function endOf({ outcome, ended }: Trial): string {
  return ended?.error ? `${outcome} (${ended.error.message})` : (outcome ?? 'cut off');
}

function compareEnds({ recorded, replayed }: Pair): Compared {
  const [then, now] = [recorded.trial, replayed.trial];
  if (now.steps.length > then.steps.length)
    return differs('course', 'ends here', `goes on with step ${then.steps.length}`);
  if (!sameOutcome(then.outcome, now.outcome)) return differs('outcome', endOf(then), endOf(now));
  for (const [phase, verdict] of then.verified.entries()) {
    const again = now.verified[phase];
    const said = (one: typeof again) =>
      JSON.stringify(
        { rewards: one?.rewards, checks: one?.checks.map(({ name, passed }) => ({ name, passed })) },
        null,
        2,
      );
    if (said(verdict) !== said(again)) return differs('reward', said(verdict), said(again));
  }
  return { masks: [] };
}

function differs(what: string, recorded: string, replayed: string): Compared {
  return { difference: { end: true, what, recorded, replayed } };
}
