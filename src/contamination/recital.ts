import { type BaseTask, meanOf, rewardsOf } from '../comparison/base-task.ts';
import type { InstanceTrial } from '../comparison/instance-trial.ts';
import type { Contamination, Recited } from '../schema/contamination.ts';
import { meanInterval } from '../statistic/interval.ts';

/** What they are called who make the recorded calls of an agent's trials again: of those of the published instance, and of variants. */
export const reciterOf = {
  published: (agent: string) => `recorded-published:${agent}`,
  variants: (agent: string) => `recorded-variants:${agent}`,
} as const;

/**
 * The memory baseline: how often an agent's recorded calls, made again whatever comes back, complete the published instance and fresh ones.
 * Nobody was asked for it who could have looked.
 */
export function recitedOf(tasks: readonly BaseTask[]): Contamination['recited'] {
  const recited = tasks.filter(({ recital }) => recital.published.length + recital.variants.length > 0);
  if (recited.length === 0)
    return { unscored: 'none of its recorded calls were made again; --replay makes them' };
  const shareOf = (of: (task: BaseTask) => readonly InstanceTrial[]) => measured(recited, of);
  return {
    onPublished: shareOf(({ recital }) => recital.published.filter(({ kind }) => kind === 'published')),
    onFresh: shareOf(({ recital }) => recital.published.filter(({ kind }) => kind !== 'published')),
    ofVariantsOnPublished: shareOf(({ recital }) => recital.variants),
    itself: {
      published: shareOf(({ published }) => published),
      variants: shareOf(({ variants }) => variants),
    },
  };
}

function measured(
  tasks: readonly BaseTask[],
  of: (task: BaseTask) => readonly InstanceTrial[],
): Recited | { unscored: string } {
  const tried = tasks.filter((task) => of(task).length > 0);
  const rewards = tried.map((task) => rewardsOf(of(task)));
  const mean = meanOf(rewards.map(meanOf));
  if (mean === undefined) return { unscored: 'no such trial was scored' };
  const interval = meanInterval(
    rewards,
    tried.map(({ cluster }) => cluster),
  );
  return {
    tasks: tried.length,
    trials: rewards.flat().length,
    mean,
    ...(interval && { interval: { low: interval.low, high: interval.high } }),
  };
}
