import type { ManyComparison } from '../schema/comparison.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { resamplingSeed } from '../statistic/bootstrap.ts';
import { clustersOf } from '../statistic/cluster.ts';
import { meanInterval } from '../statistic/interval.ts';
import { mean } from '../statistic/mean.ts';
import { frontierChance, type Offer, onFrontier, onHull } from '../statistic/pareto.ts';
import { clusteredStudent } from '../statistic/student.ts';
import { completion } from './measure/completion.ts';
import { isScored, type SetTrial, type TrialSet, taskKey } from './trial-set.ts';

/** Which sets no other beats in both cost and completion, over the tasks that all of them have. */
export function frontier(sets: readonly TrialSet[], keys: readonly string[]): ManyComparison['frontier'] {
  const bySet = sets.map(({ trials }) => groupBy(trials.filter(isScored), taskKey));
  const shared = [...(bySet[0]?.keys() ?? [])].filter((key) => bySet.every((set) => set.has(key)));
  if (shared.length === 0) return { unscored: 'no task was scored in all sets' };
  const tasks = shared.map((key) => ({
    offers: bySet.map((set) => offerOf(set.get(key) ?? [])),
    cluster: bySet[0]?.get(key)?.[0]?.cluster,
  }));
  const offersOf = (at: number) => tasks.map(({ offers }) => offers[at] ?? { cost: 0, score: 0 });
  const missing = keys.filter((_, at) => offersOf(at).some(({ cost }) => Number.isNaN(cost)));
  if (missing.length > 0) return { unscored: `what ${missing.join(' and ')} cost is not known` };
  const offers = keys.map((_, at) => ({
    cost: mean(offersOf(at).map(({ cost }) => cost)),
    score: mean(offersOf(at).map(({ score }) => score)),
  }));
  const [is, isOnHull, chances] = [onFrontier(offers), onHull(offers), frontierChance(tasks)];
  return {
    tasks: tasks.length,
    seed: resamplingSeed,
    points: keys.map((key, at) => ({
      key,
      completion: offers[at]?.score ?? 0,
      costUsd: offers[at]?.cost ?? 0,
      ...intervalsOf(
        offersOf(at),
        tasks.map(({ cluster }) => cluster),
      ),
      onFrontier: is[at] ?? false,
      onHull: isOnHull[at] ?? false,
      probability: chances[at] ?? 0,
    })),
  };
}

function intervalsOf(offers: readonly Offer[], clusters: readonly (string | undefined)[]) {
  const scores = offers.map(({ score }) => [score]);
  const costs = offers.map(({ cost }, at) => ({ cost, cluster: clusters[at] }));
  const ofCompletion = meanInterval(scores, clusters);
  const ofCost = clusteredStudent(
    clustersOf(costs, ({ cluster }) => cluster).map((own) => own.map(({ cost }) => cost)),
  );
  return {
    ...(ofCompletion && { completionInterval: { low: ofCompletion.low, high: ofCompletion.high } }),
    ...(ofCost && { costInterval: { low: Math.max(0, ofCost.low), high: ofCost.high } }),
  };
}

/** What one set's trials of a task cost and complete on average; a cost that is not known is NaN. */
function offerOf(trials: readonly SetTrial[]): Offer {
  const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);
  return {
    cost: mean(trials.map(({ score }) => number(score.efficiency.costUsd))),
    score: mean(trials.map(({ score }) => number(completion.of(score)))),
  };
}
