import { calibrate } from '../../src/calibration/calibrate.ts';
import { nextChoice } from '../../src/calibration/choose.ts';
import { estimatesOf } from '../../src/calibration/estimate.ts';
import { expectationOf, plannedTask } from '../../src/calibration/plan-choices.ts';
import type { Bank } from '../../src/schema/bank.ts';
import type { ChoiceEvent, ChoicePlan } from '../../src/schema/choice.ts';
import type { SuiteEstimate } from '../../src/schema/suite-estimate.ts';
import { passProbability } from '../../src/statistic/item-response.ts';
import { mean } from '../../src/statistic/mean.ts';
import type { Random } from '../../src/statistic/random.ts';
import { madeSet } from '../comparison/made-set.ts';

/** A suite of 100 tasks and the agents that were run on it before. Spreads are in logits. */
export interface World {
  agents: number;
  difficulties: number;
  abilities: number;
  /** How much harder tasks are than agents are able. */
  harder?: number;
  /** By how much, on a scale of logarithms, tasks differ in how sharply they tell agents apart: more than the model knows of. */
  sharpness?: number;
}

const tasks = 100;
const at = '2026-01-01T00:00:00.000Z';

export interface Suite {
  world: World;
  items: readonly { difficulty: number; discrimination: number }[];
  bank: Bank;
}

/** A suite with its bank, calibrated by the product on trials that agents made. */
export function simulatedSuite(world: World, random: Random): Suite {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const items = Array.from({ length: tasks }, () => ({
    difficulty: (world.harder ?? 0) + world.difficulties * normal(),
    discrimination: Math.exp((world.sharpness ?? 0) * normal()),
  }));
  const trials = Array.from({ length: world.agents }, (_, agent) => {
    const outcomes = outcomesOf(items, world.abilities * normal(), random);
    return madeSet(
      `agent${agent}`,
      outcomes.map((passed, task) => ({ task: nameOf(task), trials: [passed] })),
    ).trials;
  });
  return { world, items, bank: calibrate(trials.flat()) };
}

/** A new agent, run on 20 of the tasks: what is said of it, and what all 100 would have given. */
export interface Simulated {
  said: SuiteEstimate;
  truth: number;
  /** The mean of 20 tasks drawn by lot. */
  random: number;
}

/** @param ability in logits; as those of the agents before are spread where absent */
export function simulatedRun(
  { world, items, bank }: Suite,
  random: Random,
  {
    mode = 'adaptive',
    concurrency = 1,
    ability,
  }: { mode?: ChoicePlan['mode']; concurrency?: number; ability?: number } = {},
): Simulated {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const outcomes = outcomesOf(items, ability ?? world.abilities * normal, random);
  const plan: ChoicePlan = {
    type: 'planned',
    version: 1,
    at,
    mode,
    bank: { path: 'bank.json', sha256: '', agents: bank.agents.length, trials: bank.trials },
    ...expectationOf(bank),
    agents: ['new'],
    attempts: 1,
    tasks: items.map((_, task) =>
      plannedTask({ name: nameOf(task), digest: 'd', environmentDigest: 'e' }, bank),
    ),
    maxTasks: 20,
    seed: Math.floor(random() * 2 ** 31),
  };
  const lot = outcomes.map((passed) => ({ passed, place: random() })).sort((a, b) => a.place - b.place);
  const [said] = estimatesOf(plan, played(plan, outcomes, concurrency));
  if (!said) throw new Error('nothing is said of the agent');
  return { said, truth: mean(outcomes), random: mean(lot.slice(0, 20).map(({ passed }) => passed)) };
}

/** Trials end in the order in which they began. */
function played(plan: ChoicePlan, outcomes: readonly number[], concurrency: number): ChoiceEvent[] {
  const past: ChoiceEvent[] = [];
  const running: string[] = [];
  for (;;) {
    const next = running.length < concurrency ? nextChoice(plan, past) : 'wait';
    if (next === undefined) return past;
    if (next === 'wait') {
      const task = running.shift() ?? '';
      const passed = outcomes[Number(task.slice(1))] ?? 0;
      past.push({ type: 'ended', at, agent: 'new', task, passed, n: 1 });
    } else if (next.type === 'stopped') past.push({ ...next, at });
    else {
      past.push({ ...next, at, trials: [] });
      running.push(next.task);
    }
  }
}

const nameOf = (task: number) => `t${task}`;

const outcomesOf = (items: Suite['items'], ability: number, random: Random) =>
  items.map((item) => Number(random() < passProbability(ability, item)));

/** How far estimates were from the truth, and how often their intervals held it. */
export function accuracyOf(runs: readonly Simulated[]) {
  const said = runs.flatMap(({ said: { estimate, extrapolates }, truth, random }) =>
    'unscored' in estimate ? [] : [{ ...estimate, extrapolates, truth, random }],
  );
  const inside = said.filter(({ extrapolates }) => extrapolates === undefined);
  const rms = (errors: number[]) => Math.sqrt(mean(errors.map((error) => error ** 2)));
  return {
    runs: said.length,
    inside: inside.length / said.length,
    rmse: rms(inside.map(({ mean: value, truth }) => value - truth)),
    randomRmse: rms(inside.map(({ random, truth }) => random - truth)),
    bias: mean(inside.map(({ mean: value, truth }) => value - truth)),
    held: mean(
      inside.map(({ interval: { low, high }, truth }) => Number(low <= truth + 1e-9 && truth <= high + 1e-9)),
    ),
    width: mean(inside.map(({ interval: { low, high } }) => high - low)),
  };
}
