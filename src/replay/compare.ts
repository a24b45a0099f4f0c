import { endOf, stepComparison } from './compare-step.ts';
import { blamed, type Difference } from './difference.ts';
import { type Compared, comparedAll, type Pair } from './pair.ts';
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
  const { steps } = pair.recorded.trial;
  const compareStep = stepComparison(pair);
  const { difference, masks: needed } = comparedAll([
    () => compareStep(undefined),
    ...steps.map((_, index) => () => compareStep(index)),
    () => compareEnds(pair),
  ]);
  const masks = [...new Set(needed)];
  if (!difference)
    return { verdict: masks.length === 0 ? 'identical' : 'equivalent', masks, steps: steps.length };
  const compared = difference.step ?? steps.length;
  return { verdict: 'diverged', masks, difference: blamed(difference, pair.changed), steps: compared };
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
  return { masks: [], difference: { end: true, what, recorded, replayed } };
}
