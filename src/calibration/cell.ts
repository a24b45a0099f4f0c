import { isScored, type SetTrial, taskKey } from '../comparison/trial-set.ts';
import { isUnscored } from '../schema/score.ts';
import { effectiveReward } from '../scoring/tally.ts';
import { groupBy } from '../scoring/trial/group.ts';

/** The scored trials of one agent at one task. */
export interface Cell {
  agent: string;
  /** What makes the task this one: its name and digests. */
  key: string;
  /** 0 to 1 each; a graded one counts as a share of a pass. */
  rewards: readonly number[];
}

/** The scored trials by agent and task. Infrastructure errors and what was not scored are no outcome. */
export function cellsOf(trials: readonly SetTrial[]): Cell[] {
  const groups = groupBy(trials.filter(isScored), (trial) => JSON.stringify([trial.agent, taskKey(trial)]));
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first ? [{ agent: first.agent, key: taskKey(first), rewards: own.map(rewardOf) }] : [];
  });
}

/** The reward of a scored trial. */
export function rewardOf({ score }: Pick<SetTrial, 'score'>): number {
  const reward = effectiveReward(score);
  return isUnscored(reward) ? 0 : Math.min(1, Math.max(0, reward));
}
