import type { ChoiceEvent, ChoicePlan, PlannedTask } from '../schema/choice.ts';
import type { Answered } from '../statistic/ability.ts';
import { effectiveTrials } from '../statistic/alike.ts';
import { type Item, withError } from '../statistic/item-response.ts';

/** What has become of one agent's tasks so far. */
export interface History {
  agent: string;
  /** Chosen tasks, in order. */
  chosen: readonly string[];
  /** Chosen tasks that have not ended. */
  pending: readonly string[];
  /** Tasks that gave an outcome: the share that passed, of how many trials. */
  answered: readonly { task: string; passed: number; n: number }[];
  stopped: boolean;
}

/** A plan with the money that there is by now. */
export function inForce(plan: ChoicePlan, past: readonly ChoiceEvent[]): ChoicePlan {
  const raise = past.findLast((event) => event.type === 'raised');
  return raise ? { ...plan, maxCostUsd: raise.maxCostUsd } : plan;
}

/** The histories of all agents of a plan, in its order. */
export function historiesOf(plan: ChoicePlan, past: readonly ChoiceEvent[]): History[] {
  return plan.agents.map((agent) => {
    const own = past.flatMap((event) => (event.type === 'raised' || event.agent === agent ? [event] : []));
    const raised = own.findLastIndex(({ type }) => type === 'raised');
    const chosen = own.flatMap((event) => (event.type === 'chosen' ? [event.task] : []));
    const ended = own.flatMap((event) => (event.type === 'ended' ? [event] : []));
    const over = new Set(ended.map(({ task }) => task));
    return {
      agent,
      chosen,
      pending: chosen.filter((task) => !over.has(task)),
      answered: ended.flatMap(({ task, passed, n }) => (passed === undefined ? [] : [{ task, passed, n }])),
      stopped: own.some((event, at) => event.type === 'stopped' && (event.why !== 'cost' || at > raised)),
    };
  });
}

/** A task as an item that is as sure as its calibration; undefined where the bank does not know it. */
export function itemOf({ difficulty, error = 0, discrimination, chance }: PlannedTask): Item | undefined {
  if (difficulty === undefined) return undefined;
  const item = {
    difficulty,
    ...(discrimination !== undefined && { discrimination }),
    ...(chance !== undefined && { chance }),
  };
  return withError(item, error);
}

/** Outcomes as trials of items, those of one task counted for as many as they tell; tasks that the bank does not know are left out. */
export function answersOf(plan: ChoicePlan, answered: History['answered']): Answered[] {
  const tasks = new Map(plan.tasks.map((one) => [one.task, one]));
  return answered.flatMap(({ task, passed, n }) => {
    const known = tasks.get(task);
    const item = known && itemOf(known);
    const tells = effectiveTrials(n, plan.alike);
    return item ? [{ item, n: tells, passed: tells * passed }] : [];
  });
}
