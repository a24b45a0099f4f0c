import { several } from '../format.ts';
import type { ChoiceEvent, ChoicePlan } from '../schema/choice.ts';
import type { SuiteEstimate } from '../schema/suite-estimate.ts';
import { abilityOf } from '../statistic/ability.ts';
import { effectiveTrials } from '../statistic/alike.ts';
import { meanInterval } from '../statistic/interval.ts';
import { mean } from '../statistic/mean.ts';
import { estimateSuite } from '../statistic/p-irt.ts';
import { stratifiedMean } from '../statistic/stratified.ts';
import { answersOf, type History, historiesOf, itemOf } from './history.ts';
import { strataOf } from './strata.ts';

/** What a run says of each of its agents at the whole suite. */
export function estimatesOf(plan: ChoicePlan, past: readonly ChoiceEvent[]): SuiteEstimate[] {
  return historiesOf(plan, past).map((history): SuiteEstimate => {
    const { agent, chosen, answered, stopped } = history;
    const values = answered.map(({ passed }) => passed);
    const interval = meanInterval(values.map((value) => [value]));
    const stop = past.findLast((event) => event.type === 'stopped' && event.agent === agent);
    return {
      agent,
      mode: plan.mode,
      tasks: {
        suite: plan.tasks.length,
        known: plan.tasks.filter(({ difficulty }) => difficulty !== undefined).length,
        run: chosen.length,
        scored: answered.length,
      },
      unknown: plan.tasks.flatMap(({ task, unknown }) => (unknown ? [{ task, why: unknown }] : [])),
      plain:
        values.length === 0
          ? { unscored: 'no task was scored' }
          : {
              mean: mean(values),
              ...(interval && { interval: { low: interval.low, high: interval.high } }),
            },
      ...(plan.mode === 'adaptive' ? byAbility(plan, history) : byStrata(plan, history)),
      bank: { path: plan.bank.path, agents: plan.bank.agents, trials: plan.bank.trials },
      ...(stopped && stop?.type === 'stopped' && { stopped: { why: stop.why, reason: stop.reason } }),
    };
  });
}

function byAbility(
  plan: ChoicePlan,
  { answered }: History,
): Pick<SuiteEstimate, 'estimate' | 'ability' | 'extrapolates'> {
  const answers = answersOf(plan, answered);
  if (answers.length === 0) return { estimate: { unscored: 'no task that the bank knows was scored' } };
  const passed = new Map(answered.map((one) => [one.task, one.passed]));
  const known = plan.tasks.flatMap((one) => {
    const item = itemOf(one);
    return item ? [{ item, passed: passed.get(one.task) }] : [];
  });
  const suite = {
    seen: known.flatMap((one) => (one.passed === undefined ? [] : [one.passed])),
    unseen: known.flatMap((one) => (one.passed === undefined ? [one.item] : [])),
  };
  const {
    mean: centre,
    low,
    high,
  } = estimateSuite(suite, answers, {
    prior: plan.prior,
    attempts: effectiveTrials(plan.attempts, plan.alike),
  });
  const ability = abilityOf(answers, plan.prior);
  const extrapolates = beyond(ability.value, plan);
  return {
    estimate: { mean: centre, interval: { low, high }, over: known.length, method: 'p-irt' },
    ability,
    ...(extrapolates !== undefined && { extrapolates }),
  };
}

/** Of an agent that is abler, or less able, than all that the bank was fitted to. */
function beyond(ability: number, { range: { low, high }, bank }: ChoicePlan): string | undefined {
  if (ability >= low && ability <= high) return undefined;
  const where = ability > high ? 'above' : 'below';
  return `an ability of ${ability.toFixed(2)} lies ${where} ${several(bank.agents, 'agent')} of the bank (${low.toFixed(2)} to ${high.toFixed(2)}): it extrapolates, and how far its interval holds there was never looked at`;
}

function byStrata(plan: ChoicePlan, { answered }: History): Pick<SuiteEstimate, 'estimate'> {
  const passed = new Map(answered.map((one) => [one.task, one.passed]));
  const strata = strataOf(plan.tasks, plan.maxTasks ?? plan.tasks.length).map((tasks) => ({
    size: tasks.length,
    values: tasks.flatMap(({ task }) => passed.get(task) ?? []),
  }));
  const found = stratifiedMean(strata);
  if (!found) return { estimate: { unscored: 'fewer than two tasks were scored' } };
  const { mean: centre, low, high } = found;
  return {
    estimate: { mean: centre, interval: { low, high }, over: plan.tasks.length, method: 'stratified' },
  };
}
