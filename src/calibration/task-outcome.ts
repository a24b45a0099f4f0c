import { isScored, type SetTrial } from '../comparison/trial-set.ts';
import type { TaskEnd } from '../schema/choice.ts';
import { isUnscored } from '../schema/score.ts';
import { mean } from '../statistic/mean.ts';
import { rewardOf } from './cell.ts';

/** What the trials of one agent at one task came to. */
export function taskOutcome(
  trials: readonly SetTrial[],
): Pick<TaskEnd, 'passed' | 'unscored' | 'n' | 'costUsd'> {
  const scored = trials.filter(isScored);
  const costs = trials.map(({ score }) => score.efficiency.costUsd);
  const known = costs.flatMap((cost) => (isUnscored(cost) ? [] : [cost]));
  return {
    ...(scored.length > 0 ? { passed: mean(scored.map(rewardOf)) } : { unscored: 'no trial was scored' }),
    n: scored.length,
    ...(known.length > 0 && { costUsd: known.reduce((sum, cost) => sum + cost, 0) }),
  };
}
