import { isInfrastructureError, isScored, type SetTrial, taskKey } from '../comparison/trial-set.ts';
import type { SuiteHealth } from '../schema/suite-health.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { confidence } from '../statistic/confidence.ts';
import { pairedDifference, unpairedDifference } from '../statistic/difference.ts';
import { mean } from '../statistic/mean.ts';
import { holm } from '../statistic/multiple.ts';
import { lengthened, reliability } from '../statistic/reliability.ts';
import { saturation } from '../statistic/saturation.ts';
import { calibrate, noDifficulty } from './calibrate.ts';
import { cellsOf, rewardOf } from './cell.ts';
import { type Marks, taskHealth } from './task-health.ts';

const privateTag = 'private';

/** The health of a suite by recorded trials, of which at least one is scored. */
export function suiteHealth(trials: readonly SetTrial[]): SuiteHealth {
  const scored = trials.filter(isScored);
  const marks = marksOf(scored);
  const agents = [...marks.keys()];
  const keys = [...groupBy(scored, taskKey).keys()];
  // An agent that was tried at a few tasks, such as by an adaptive run, says nothing of the whole.
  const whole = new Map([...marks].filter(([, own]) => own.size > keys.length / 2));
  const compared = [...whole.keys()];
  const common = keys.filter((key) => compared.every((agent) => marks.get(agent)?.has(key)));
  const table = compared.map((agent) => common.map((key) => mean(marks.get(agent)?.get(key) ?? [])));
  const unknown = noDifficulty(scored);
  const difficulties = unknown === undefined ? calibrate(trials).tasks : { unscored: unknown };
  const errors = trials.filter(isInfrastructureError).length;
  return {
    version: 1,
    runs: [...new Set(scored.map(({ run }) => run))],
    agents: agents.map((agent) => {
      const own = [...(marks.get(agent)?.values() ?? [])].map(mean);
      return { agent, tasks: own.length, mean: mean(own) };
    }),
    trials: scored.length,
    infrastructureErrors: errors,
    unscored: trials.length - scored.length - errors,
    attempts: Math.max(...cellsOf(scored).map(({ rewards }) => rewards.length)),
    common: common.length,
    whole: compared.length,
    tasks: taskHealth(scored, { marks, whole }, difficulties),
    reliability: reliabilityOf(table),
    saturation: saturationOf(table),
    pairs: separablePairs(pairsOf(agents, keys, marks)),
    split: splitOf(scored),
  };
}

/** The rewards of each agent's trials at each task. */
function marksOf(scored: readonly SetTrial[]): Marks {
  const marks = new Map<string, Map<string, readonly number[]>>();
  for (const { agent, key, rewards } of cellsOf(scored)) {
    const own = marks.get(agent) ?? new Map<string, readonly number[]>();
    own.set(key, rewards);
    marks.set(agent, own);
  }
  return marks;
}

function reliabilityOf(table: readonly (readonly number[])[]): SuiteHealth['reliability'] {
  const value = reliability(table);
  if (value === undefined)
    return { unscored: 'it takes two agents with unlike sums over two tasks that both were tried at' };
  if (value <= 0) return { value, twice: value, half: value };
  return { value, twice: lengthened(value, 2), half: lengthened(value, 0.5) };
}

const leastAgents = 5;

function saturationOf(table: readonly (readonly number[])[]): SuiteHealth['saturation'] {
  const tasks = table[0]?.length ?? 0;
  if (table.length < leastAgents || tasks === 0)
    return { unscored: `it takes ${leastAgents} agents that were tried at the same tasks` };
  const sorted = table.map(mean).sort((a, b) => b - a);
  const [best = 0, fifth = 0] = [sorted[0], sorted[leastAgents - 1]];
  const { index, level } = saturation(best, fifth, tasks);
  return { index, level, best, fifth };
}

/** The p of each pair of agents that they are alike, over the tasks that both were tried at. */
function pairsOf(agents: readonly string[], keys: readonly string[], marks: Marks): number[] {
  return agents.flatMap((a, at) =>
    agents.slice(at + 1).flatMap((b) => {
      const tasks = keys.map((key) => ({
        a: marks.get(a)?.get(key) ?? [],
        b: marks.get(b)?.get(key) ?? [],
      }));
      const found = pairedDifference(tasks);
      return found ? [found.p] : [];
    }),
  );
}

/** How many pairs can be told apart, all of them standing together at 5 %. */
export function separablePairs(ps: readonly number[]): SuiteHealth['pairs'] {
  if (ps.length === 0) return { unscored: 'it takes two agents that were tried at the same tasks' };
  return { separable: holm(ps).filter((p) => p <= 1 - confidence).length, of: ps.length };
}

function splitOf(scored: readonly SetTrial[]): SuiteHealth['split'] {
  const isPrivate = ({ tags }: SetTrial) => tags.includes(privateTag);
  if (!scored.some(isPrivate)) return { unscored: `no task has the tag ${privateTag}` };
  return [...groupBy(scored, ({ agent }) => agent)].flatMap(([agent, own]) => {
    const groups = [own.filter(isPrivate), own.filter((trial) => !isPrivate(trial))].map((trials) =>
      [...groupBy(trials, taskKey).values()].map((one) => one.map(rewardOf)),
    );
    const [hidden = [], open = []] = groups;
    const found = unpairedDifference(hidden, open);
    if (!found) return [];
    const told = (tasks: readonly (readonly number[])[]) => ({
      tasks: tasks.length,
      mean: mean(tasks.map((rewards) => mean(rewards))),
    });
    const { mean: gap, low, high, p } = found;
    return [{ agent, public: told(open), private: told(hidden), gap, interval: { low, high }, p }];
  });
}
