import type { Ground } from '../comparison/design.ts';
import { groundOf } from '../comparison/ground.ts';
import { planOf } from '../comparison/plan.ts';
import { selectSets } from '../comparison/select-set.ts';
import { ProctorError } from '../errors.ts';
import { renderPlan } from '../report/comparison/plan.ts';
import { print } from './print.ts';

interface PlanFlags {
  out: string;
  task: string[];
  tag: string[];
  agent: string[];
  mde: number;
  power: number;
  alpha: number;
  attempts: number[];
  maxTasks?: number;
  maxCost?: number;
  between?: number;
  within?: number;
  discordant?: number;
  trialCost?: number;
  correlation: number;
  json?: boolean;
}

/** `proctor plan`: how many tasks, attempts and dollars it takes to tell two agents apart. */
export function plan(selectors: readonly string[], flags: PlanFlags): void {
  if (selectors.length > 2)
    throw new ProctorError('bad-flag', `plan: expected one set or two, got ${selectors.length}`);
  const { mde: difference, power, alpha, attempts, maxTasks, maxCost: maxCostUsd } = flags;
  if (power <= alpha)
    throw new ProctorError('bad-flag', `--power ${power}: expected more than --alpha, which is ${alpha}`);
  const result = planOf({ difference, power, alpha }, stated(flags, recorded(selectors, flags)), {
    attempts,
    ...(maxTasks !== undefined && { maxTasks }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
  });
  print(flags.json, result, (style) => renderPlan(result, style));
}

function recorded(selectors: readonly string[], flags: PlanFlags): Ground | undefined {
  if (selectors.length === 0) return undefined;
  const { out, task, tag, agent, correlation } = flags;
  return groundOf(selectSets(selectors, out, { task, tag, agent }), correlation);
}

/** What is stated goes before what was recorded. */
function stated(flags: PlanFlags, ground: Ground = { designEffect: 1 }): Ground {
  const { mde, between, within, discordant = ground.discordant, trialCost } = flags;
  const { spread } = ground;
  const own = within ?? spread?.withinA;
  const other = within ?? spread?.withinB;
  const apart = between ?? spread?.between ?? betweenOf(discordant, within);
  const known = { ...ground };
  if (own !== undefined && other !== undefined && apart !== undefined)
    known.spread = { between: apart, withinA: own, withinB: other };
  if (discordant !== undefined) known.discordant = discordant;
  if (trialCost !== undefined) known.costUsd = { a: trialCost, b: trialCost };
  if (!known.spread && known.discordant === undefined)
    throw new ProctorError(
      'bad-flag',
      'plan: expected a recorded set in which tasks were tried, --discordant, or --between and --within',
    );
  if (flags.discordant !== undefined && flags.discordant < mde)
    throw new ProctorError(
      'bad-flag',
      `--discordant ${flags.discordant}: expected at least --mde, which is ${mde}: agents that differ by so much pass so many tasks differently`,
    );
  return known;
}

/** Discordant pairs are what tasks differ in and what trials of one task do. */
const betweenOf = (discordant: number | undefined, within: number | undefined) =>
  discordant === undefined || within === undefined ? undefined : Math.max(0, discordant - 2 * within);
