import { type BaseTask, rewardsOf } from '../comparison/base-task.ts';
import type { Contamination } from '../schema/contamination.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { mean } from '../statistic/mean.ts';
import { fisherTogether, rankChance } from '../statistic/rank-test.ts';

/**
 * Where the published instance stands among its variants, over independent base tasks. Each instance counts by as many of its first
 * trials as the least tried has: means of more trials vary less, and would not be in any order by chance alone.
 */
export function rankOf(tasks: readonly BaseTask[]): Contamination['rank'] {
  const clusters = new Map<string, number[]>();
  for (const { base, cluster = base, published, variants } of tasks) {
    if (published.length === 0 || variants.length === 0) continue;
    const instances = [...groupBy(variants, ({ instance }) => instance).values()];
    const most = Math.min(published.length, ...instances.map(({ length }) => length));
    const of = (trials: BaseTask['published']) => mean(rewardsOf(trials.slice(0, most)));
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), rankChance(of(published), instances.map(of))]);
  }
  if (clusters.size === 0)
    return { unscored: 'no base task has trials of the published instance and of variants' };
  // Tasks of one cluster are one try, at their worst evidence.
  const ps = [...clusters.values()].map((own) => Math.max(...own));
  return { tasks: ps.length, p: fisherTogether(ps) };
}
