import {
  type Sensitivity,
  smallestDifference,
  smallestDifferenceExact,
  tasksNeeded,
  tasksNeededExact,
} from '../statistic/power.ts';
import { type Spread, spreadAt } from '../statistic/spread.ts';
import { leastUnits } from './verdict.ts';

/** A difference of two agents' mean completion, 0 to 1, that is to be found if it is there. */
export interface Question extends Sensitivity {
  difference: number;
}

/** What tasks and trials are like, from recorded ones or as stated. */
export interface Ground {
  /** Absent where nothing tells how trials of one task vary: then a task can be tried once only. */
  spread?: Spread;
  /** Share of pairs of trials, one of each agent, of which one passes; absent where trials are graded. */
  discordant?: number;
  /** Nothing varied: what the others say is the share of tasks that as many may never show. */
  unseen?: number;
  /** How many times as many tasks it takes where they share clusters. */
  designEffect: number;
  /** Of one trial of each agent, in US dollars; absent where it is not known. */
  costUsd?: { a: number; b: number };
  /** Tasks that there are. */
  tasks?: number;
}

/** What may be spent. */
export interface Budget {
  /** Numbers of attempts of each agent at a task to choose from. */
  attempts: readonly number[];
  maxTasks?: number;
  maxCostUsd?: number;
}

/** A way to answer the question. */
export interface Design {
  tasks: number;
  /** Of each agent at each task. */
  attempts: number;
  trials: number;
  costUsd?: number;
  /** By what the number of tasks was found: McNemar's exact test, or Student's paired t in its normal form. */
  method: 'mcnemar-exact' | 'paired-t';
  /** Why it is out of reach; absent where it is not. */
  exceeds?: 'tasks' | 'cost';
}

/** The smallest difference that some tasks find with so many attempts at each. */
export interface Reach {
  tasks: number;
  attempts: number;
  /** Absent where they find none. */
  smallest?: number;
}

/** The designs that answer a question, by their attempts; without those whose number of tasks can't be told. */
export function designsFor(question: Question, ground: Ground, budget: Budget): Design[] {
  return [...new Set(budget.attempts)]
    .sort((x, y) => x - y)
    .flatMap((attempts): Design[] => {
      const needed = needs(question, ground, attempts);
      if (!needed) return [];
      const tasks = Math.max(leastUnits, Math.ceil(needed.tasks * ground.designEffect - 1e-9));
      const trials = 2 * tasks * attempts;
      const costUsd = ground.costUsd && tasks * attempts * (ground.costUsd.a + ground.costUsd.b);
      const exceeds =
        tasks > (budget.maxTasks ?? Number.POSITIVE_INFINITY)
          ? 'tasks'
          : (costUsd ?? 0) > (budget.maxCostUsd ?? Number.POSITIVE_INFINITY)
            ? 'cost'
            : undefined;
      const { method } = needed;
      return [
        {
          ...{ tasks, attempts, trials, method },
          ...(costUsd !== undefined && { costUsd }),
          ...(exceeds && { exceeds }),
        },
      ];
    });
}

/** The design that costs least of those within reach, or has the fewest trials. */
export function cheapest(designs: readonly Design[]): Design | undefined {
  const amount = ({ costUsd, trials }: Design) => costUsd || trials;
  return designs
    .filter(({ exceeds }) => !exceeds)
    .reduce<Design | undefined>((best, one) => (best && amount(best) <= amount(one) ? best : one), undefined);
}

/** What some tasks find, by the attempts at each. */
export function reachOf(
  tasks: number,
  sensitivity: Sensitivity,
  ground: Ground,
  attempts: readonly number[],
): Reach[] {
  return attempts.flatMap((count): Reach[] => {
    const independent = Math.floor(tasks / ground.designEffect);
    if (independent < 1) return [{ tasks, attempts: count }];
    const smallest = finds(independent, count, sensitivity, ground);
    return smallest === 'unknown'
      ? []
      : [{ tasks, attempts: count, ...(smallest !== undefined && smallest <= 1 && { smallest }) }];
  });
}

function needs(
  { difference, ...sensitivity }: Question,
  { spread, discordant }: Ground,
  attempts: number,
): Pick<Design, 'tasks' | 'method'> | undefined {
  if (attempts === 1 && discordant !== undefined) {
    const tasks = tasksNeededExact(difference, discordant, sensitivity);
    return tasks === undefined ? undefined : { tasks, method: 'mcnemar-exact' };
  }
  if (!spread) return undefined;
  return { tasks: tasksNeeded(difference, spreadAt(spread, attempts), sensitivity), method: 'paired-t' };
}

function finds(
  tasks: number,
  attempts: number,
  sensitivity: Sensitivity,
  { spread, discordant }: Ground,
): number | undefined | 'unknown' {
  if (attempts === 1 && discordant !== undefined)
    return smallestDifferenceExact(tasks, discordant, sensitivity);
  return spread ? smallestDifference(tasks, spreadAt(spread, attempts), sensitivity) : 'unknown';
}
