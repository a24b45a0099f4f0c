import { ProctorError } from '../errors.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { clustersOf } from '../statistic/cluster.ts';
import { zeroOfN } from '../statistic/interval.ts';
import { mean } from '../statistic/mean.ts';
import { designEffect, discordance, spreadOf, spreadOfOne } from '../statistic/spread.ts';
import type { Ground } from './design.ts';
import { completion } from './measure/completion.ts';
import { isScored, type SetTrial, type TrialSet, taskKey } from './trial-set.ts';

/** How tasks and trials of recorded sets are, and whose they are. */
export interface RecordedGround extends Ground {
  agents: string[];
  tasks: number;
  /** Scored trials, fewest and most of an agent at a task. */
  attempts: { least: number; most: number };
  /** How another agent's chances over tasks are taken to correlate, where only one was recorded. */
  correlation?: number;
}

interface PlannedTask {
  a: number[];
  b: number[];
  cluster: string | undefined;
}

/**
 * What a plan can rest on: two sets, or one with the trials of two agents, or of one, beside which another is imagined.
 * Throws `bad-flag` where a set has more agents, and `not-found` where nothing was scored that tells anything.
 */
export function groundOf(sets: readonly TrialSet[], correlation: number): RecordedGround {
  const [a, b] = sidesOf(sets);
  const tasks = tasksOf(a, b ?? a);
  if (tasks.length < 2)
    throw new ProctorError(
      'not-found',
      `${sets.map(({ selector }) => selector).join(' and ')}: expected at least two tasks that were scored${b ? ' in both' : ''}, got ${tasks.length}`,
    );
  const seen = b
    ? spreadOf(tasks)
    : spreadOfOne(
        tasks.map((task) => task.a),
        correlation,
      );
  const counts = tasks.flatMap((task) => [task.a.length, task.b.length]);
  const isPassOrFail = tasks.every((task) =>
    [...task.a, ...task.b].every((value) => value === 0 || value === 1),
  );
  const apart = b ? discordance(tasks) : discordanceToOther(tasks, seen, correlation);
  const costUsd = costOf(a, b ?? a);
  const clusters = clustersOf(tasks, ({ cluster }) => cluster);
  const varied = seen ? seen.between + seen.withinA + seen.withinB : apart;
  const unseen = varied < 1e-12 ? zeroOfN(clusters.length).high : undefined;
  const spread = unseen === undefined || !seen ? seen : { between: unseen, withinA: 0, withinB: 0 };
  const discordant = unseen ?? apart;
  return {
    agents: [a, ...(b ? [b] : [])].map((trials) =>
      [...new Set(trials.map(({ agent }) => agent))].join(' + '),
    ),
    tasks: tasks.length,
    attempts: { least: Math.min(...counts), most: Math.max(...counts) },
    designEffect: designEffect(
      clusters.map((own) => own.map((task) => mean(task.a) - (b ? mean(task.b) : 0))),
    ),
    ...(spread && { spread }),
    ...(unseen !== undefined && { unseen }),
    ...(isPassOrFail && { discordant }),
    ...(costUsd && { costUsd }),
    ...(!b && { correlation }),
  };
}

function sidesOf(sets: readonly TrialSet[]): [readonly SetTrial[], (readonly SetTrial[])?] {
  const [first, second] = sets;
  if (first && second) return [first.trials, second.trials];
  const byAgent = [...groupBy(first?.trials ?? [], ({ agent }) => agent)];
  const [one, other] = byAgent.map(([, trials]) => trials);
  if (byAgent.length > 2) {
    const named = byAgent.slice(0, 2).map(([agent]) => `${first?.selector}:${agent}`);
    throw new ProctorError(
      'bad-flag',
      `${first?.selector}: expected the trials of one or two agents, got ${byAgent.length}; name two, such as ${named.join(' ')}`,
    );
  }
  return other ? [one ?? [], other] : [one ?? []];
}

/** How often another agent would differ; where no task was tried twice, it is outcomes that are taken to correlate. */
function discordanceToOther(
  tasks: readonly PlannedTask[],
  spread: Ground['spread'],
  correlation: number,
): number {
  if (spread) return Math.min(1, spread.between + spread.withinA + spread.withinB);
  const passed = mean(tasks.map(({ a }) => mean(a)));
  return 2 * passed * (1 - passed) * (1 - correlation);
}

function tasksOf(a: readonly SetTrial[], b: readonly SetTrial[]): PlannedTask[] {
  const [ofA, ofB] = [a, b].map((trials) => groupBy(trials.filter(isScored), taskKey));
  const rewards = (trials: readonly SetTrial[]) =>
    trials.map(({ score }) => completion.of(score)).filter((reward) => typeof reward === 'number');
  return [...(ofA ?? [])].flatMap(([key, own]) => {
    const other = ofB?.get(key);
    return other ? [{ a: rewards(own), b: rewards(other), cluster: own[0]?.cluster }] : [];
  });
}

/** Of one trial of either side on average; nothing where some cost is not known. */
function costOf(a: readonly SetTrial[], b: readonly SetTrial[]): Ground['costUsd'] {
  const [ofA, ofB] = [a, b].map((trials) =>
    mean(
      trials
        .filter(isScored)
        .map(({ score: { efficiency } }) =>
          typeof efficiency.costUsd === 'number' ? efficiency.costUsd : Number.NaN,
        ),
    ),
  );
  return ofA === undefined || ofB === undefined || Number.isNaN(ofA + ofB) ? undefined : { a: ofA, b: ofB };
}
