import { isUnscored, type TrialScore, type Unscored } from '../schema/score.ts';
import type { Bounds } from '../statistic/confidence.ts';
import { ratioInterval } from '../statistic/ratio.ts';

/** What one completed trial costs, failed ones paid for too, in US dollars. */
export interface CostPerSuccess {
  usd: number;
  /** At 95 %, over tasks; absent where so few completed, or all cost so much the same, that none can be given. */
  interval?: Bounds;
}

/** The cost of all trials, given task by task, over how many completed; none of them may have an unknown cost. */
export function costPerSuccess(
  tasks: readonly (readonly TrialScore[])[],
  clusters: readonly (string | undefined)[],
): CostPerSuccess | Unscored {
  const sums = tasks
    .map((attempts, at) => ({
      over: sum(attempts.map(({ efficiency: { costUsd } }) => (isUnscored(costUsd) ? 0 : costUsd))),
      under: attempts.filter(({ completion }) => completion.success === true).length,
      cluster: clusters[at],
      trials: attempts.length,
    }))
    .filter(({ trials }) => trials > 0);
  const successes = sum(sums.map(({ under }) => under));
  if (successes === 0) return { unscored: 'no trial succeeded' };
  const interval = ratioInterval(sums);
  return { usd: sum(sums.map(({ over }) => over)) / successes, ...(interval && { interval }) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
