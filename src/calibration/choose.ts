import { money, several } from '../format.ts';
import type { Choice, ChoiceEvent, ChoicePlan, ChoiceStop, PlannedTask } from '../schema/choice.ts';
import { abilityOf, errorAt } from '../statistic/ability.ts';
import { effectiveTrials } from '../statistic/alike.ts';
import { information, informationPerCost } from '../statistic/item-response.ts';
import { type CostView, costsOf } from './cost.ts';
import { answersOf, type History, historiesOf, inForce, itemOf } from './history.ts';
import { drawnOrder, strataOf } from './strata.ts';

export type NextChoice =
  | Omit<Choice, 'at' | 'trials'>
  | Omit<ChoiceStop, 'at'>
  /** Nothing is to be started before a task under way has ended. */
  | 'wait';

/**
 * What is to be done next after all that has happened: a function of the plan and the past alone. The agent with the fewest tasks
 * goes first. Undefined where every agent has stopped.
 */
export function nextChoice(planned: ChoicePlan, past: readonly ChoiceEvent[]): NextChoice | undefined {
  const plan = inForce(planned, past);
  const costs = costsOf(plan, past);
  const going = historiesOf(plan, past)
    .filter(({ stopped }) => !stopped)
    .sort((a, b) => a.chosen.length - b.chosen.length);
  if (going.length === 0) return undefined;
  for (const history of going) {
    const next = plan.mode === 'adaptive' ? adaptively(plan, history, costs) : byLot(plan, history, costs);
    if (next !== 'wait') return next;
  }
  return 'wait';
}

/** Stops when what is under way has ended: until then, nobody knows what it stopped with. */
function stopped({ agent, pending }: History, why: ChoiceStop['why'], reason: string): NextChoice {
  return pending.length > 0 ? 'wait' : { type: 'stopped', agent, why, reason };
}

function adaptively(plan: ChoicePlan, history: History, costs: CostView): NextChoice {
  const { agent, chosen, pending, answered } = history;
  const trials = effectiveTrials(plan.attempts, plan.alike);
  const answers = answersOf(plan, answered);
  const ability = abilityOf(answers, plan.prior);
  const under = answersOf(
    plan,
    pending.map((task) => ({ task, passed: 0, n: plan.attempts })),
  );
  const known = `ability ${ability.value.toFixed(2)} ± ${ability.error.toFixed(2)}`;
  if (plan.se !== undefined && errorAt(ability.value, [...answers, ...under], plan.prior) <= plan.se)
    return stopped(
      history,
      'precision',
      `${known} after ${several(chosen.length, 'task')}, as was asked for`,
    );
  const end = enough(plan, history);
  if (end) return end;
  const left = plan.tasks.filter(({ task }) => !chosen.includes(task)).flatMap((task) => itemWith(task));
  if (left.length === 0) return stopped(history, 'all', 'every task that the bank knows was run');
  const within = left.filter(({ task }) => affordable(plan, agent, task, costs));
  if (within.length === 0) return stopped(history, 'cost', spentReason(plan, costs));
  const worth = within.map(({ task, item }) => {
    const expectedCostUsd = costs.expected(agent, task);
    const each = informationPerCost(ability.value, item, expectedCostUsd ?? 1);
    const told = trials * information(ability.value, item);
    return { task, told, worth: trials * each, ...(expectedCostUsd !== undefined && { expectedCostUsd }) };
  });
  const [first, ...others] = worth;
  if (!first) return 'wait';
  const { task, told, expectedCostUsd } = others.reduce(
    (best, one) => (one.worth > best.worth ? one : best),
    first,
  );
  const per = expectedCostUsd === undefined ? '' : ` per expected dollar`;
  const price = expectedCostUsd === undefined ? '' : ` for ${money(expectedCostUsd)}`;
  return {
    type: 'chosen',
    agent,
    task,
    reason: `most information${per} of ${several(within.length, 'task')} left: ${told.toFixed(3)}${price}, at ${known}`,
    ability: ability.value,
    error: ability.error,
    information: told,
    ...(expectedCostUsd !== undefined && { expectedCostUsd }),
    pending: [...pending],
  };
}

const itemWith = (one: PlannedTask) => {
  const item = itemOf(one);
  return item ? [{ task: one.task, item }] : [];
};

function byLot(plan: ChoicePlan, history: History, costs: CostView): NextChoice {
  const { agent, chosen, pending } = history;
  const end = enough(plan, history);
  if (end) return end;
  const strata = strataOf(plan.tasks, plan.maxTasks ?? plan.tasks.length);
  const next = drawnOrder(strata, plan.seed)[chosen.length];
  if (!next) return stopped(history, 'all', 'every task was run');
  const { task } = next;
  if (!affordable(plan, agent, task, costs)) return stopped(history, 'cost', spentReason(plan, costs));
  const at = strata.findIndex((stratum) => stratum.includes(next));
  const own = strata[at]?.length ?? 0;
  const which =
    next.difficulty === undefined ? 'of unknown difficulty' : `in stratum ${at + 1} by difficulty`;
  const expectedCostUsd = costs.expected(agent, task);
  return {
    type: 'chosen',
    agent,
    task,
    reason: `drawn by lot from ${several(own, 'task')} ${which}`,
    ...(expectedCostUsd !== undefined && { expectedCostUsd }),
    pending: [...pending],
  };
}

function enough(plan: ChoicePlan, history: History): NextChoice | undefined {
  const { maxTasks = Number.POSITIVE_INFINITY } = plan;
  if (history.chosen.length < maxTasks) return undefined;
  return stopped(history, 'tasks', `${several(maxTasks, 'task')}, as was asked for`);
}

function affordable(plan: ChoicePlan, agent: string, task: string, costs: CostView): boolean {
  const { maxCostUsd = Number.POSITIVE_INFINITY } = plan;
  return costs.committed + (costs.expected(agent, task) ?? 0) <= maxCostUsd;
}

const spentReason = ({ maxCostUsd }: ChoicePlan, { committed }: CostView) =>
  `what is left of ${money(maxCostUsd)} pays for no other task: ${money(committed)} is spent`;
