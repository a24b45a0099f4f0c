import type { ChoiceEvent, ChoicePlan } from '../schema/choice.ts';
import { mean } from '../statistic/mean.ts';

/** What is expected of costs at some moment of a run, in US dollars. */
export interface CostView {
  /** Of one agent's trials at a task; undefined where the bank knows no cost of any task. */
  expected(agent: string, task: string): number | undefined;
  /** What has been spent, and what is expected of tasks under way. */
  committed: number;
}

/** An agent is taken to be as much dearer than the bank's agents as its ended tasks were, the bank's price counting as one task. */
export function costsOf(plan: ChoicePlan, past: readonly ChoiceEvent[]): CostView {
  const known = new Map(
    plan.tasks.flatMap(({ task, costUsd = 0 }) =>
      costUsd > 0 ? [[task, costUsd * plan.attempts] as const] : [],
    ),
  );
  const usual = known.size === 0 ? undefined : mean([...known.values()]);
  const ended = past.flatMap((event) => (event.type === 'ended' ? [event] : []));
  const listed = (task: string) => known.get(task) ?? usual ?? 0;
  const dearer = new Map(
    plan.agents.map((agent) => {
      const own = ended.filter((one) => one.agent === agent && (one.costUsd ?? 0) > 0);
      const paid = own.reduce((sum, { costUsd = 0 }) => sum + costUsd, usual ?? 0);
      const asListed = own.reduce((sum, { task }) => sum + listed(task), usual ?? 0);
      return [agent, asListed > 0 ? paid / asListed : 1] as const;
    }),
  );
  const expected = (agent: string, task: string) =>
    usual === undefined ? undefined : listed(task) * (dearer.get(agent) ?? 1);
  const over = new Set(ended.map(({ agent, task }) => JSON.stringify([agent, task])));
  const spent = ended.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
  const committed = past.reduce(
    (sum, event) =>
      event.type === 'chosen' && !over.has(JSON.stringify([event.agent, event.task]))
        ? sum + (expected(event.agent, event.task) ?? 0)
        : sum,
    spent,
  );
  return { expected, committed };
}
