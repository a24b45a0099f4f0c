import {
  type Budget,
  cheapest,
  type Design,
  designsFor,
  type Ground,
  type Question,
  type Reach,
  reachOf,
} from './design.ts';
import type { RecordedGround } from './ground.ts';

/** What it takes to answer a question, and what else can be had for what there is. */
export interface Plan {
  question: Question;
  /** What it rests on; `agents` where trials were recorded. */
  ground: Ground | RecordedGround;
  designs: Design[];
  /** Place among the designs of the one that costs least within reach; absent where none is. */
  cheapest?: number;
  /** What the tasks that there are find. */
  reach: Reach[];
  /** The design that finds the smallest difference for the cost given, where it is known what trials cost. */
  affordable?: Reach & { smallest: number };
}

/** Plans by the attempts to choose from; where nothing tells how attempts at one task vary, by one. */
export function planOf(question: Question, ground: Ground, budget: Budget): Plan {
  const designs = designsFor(question, ground, budget);
  const best = cheapest(designs);
  const tasks = budget.maxTasks ?? ground.tasks;
  const affordable = affordableOf(question, ground, budget);
  return {
    question,
    ground,
    designs,
    ...(best && { cheapest: designs.indexOf(best) }),
    reach: tasks === undefined ? [] : reachOf(tasks, question, ground, budget.attempts),
    ...(affordable && { affordable }),
  };
}

function affordableOf(question: Question, ground: Ground, budget: Budget): Plan['affordable'] {
  const { maxCostUsd, maxTasks = Number.POSITIVE_INFINITY } = budget;
  const perAttempt = ground.costUsd && ground.costUsd.a + ground.costUsd.b;
  if (maxCostUsd === undefined || !perAttempt) return undefined;
  return budget.attempts
    .flatMap((attempts) => {
      const tasks = Math.min(maxTasks, Math.floor(maxCostUsd / (perAttempt * attempts)));
      return tasks < 1 ? [] : reachOf(tasks, question, ground, [attempts]);
    })
    .flatMap(({ smallest, ...rest }) => (smallest === undefined ? [] : [{ ...rest, smallest }]))
    .sort((x, y) => x.smallest - y.smallest)[0];
}
