import { isInfrastructureError, isScored, type SetTrial, taskKey } from '../comparison/trial-set.ts';
import { ProctorError } from '../errors.ts';
import type { Bank, BankTask } from '../schema/bank.ts';
import { isUnscored } from '../schema/score.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { effectiveTrials, likenessOf } from '../statistic/alike.ts';
import { passProbability } from '../statistic/item-response.ts';
import { mean } from '../statistic/mean.ts';
import type { RaschFit } from '../statistic/rasch.ts';
import { fitRaschWithPrior } from '../statistic/rasch-prior.ts';
import { proctorVersion } from '../version.ts';
import { type Cell, cellsOf, rewardOf } from './cell.ts';

/** Why no difficulty can be told of scored trials: where all of them passed, or none did, it might be any; undefined where it can. */
export function noDifficulty(scored: readonly SetTrial[]): string | undefined {
  const rewards = scored.map(rewardOf);
  if (rewards.every((reward) => reward === 1)) return 'every trial passed';
  return rewards.every((reward) => reward === 0) ? 'no trial passed' : undefined;
}

/**
 * Fits difficulties of tasks, and abilities of agents, to recorded trials, of which at least one is scored. Throws `nothing-scored` where these
 * tell no difficulty.
 */
export function calibrate(trials: readonly SetTrial[]): Bank {
  const cells = cellsOf(trials);
  const scored = trials.filter(isScored);
  const none = noDifficulty(scored);
  if (none !== undefined)
    throw new ProctorError(
      'nothing-scored',
      `${none}, which tells of no task how hard it is: add runs that went otherwise`,
    );
  const tasks = [...groupBy(scored, taskKey)];
  const agents = [...groupBy(scored, ({ agent }) => agent)];
  const places = {
    agent: new Map(agents.map(([agent], at) => [agent, at])),
    item: new Map(tasks.map(([key], at) => [key, at])),
  };
  const size = { agents: agents.length, items: tasks.length };
  const fitted = (alike: number) =>
    fitRaschWithPrior(
      cells.map((cell) => counted(cell, places, alike)),
      size,
    );
  const cautious = fitted(1);
  const alike = likenessIn(cells, places, cautious.fit);
  const { fit, prior } = alike === undefined ? cautious : fitted(alike);
  const errors = trials.filter(isInfrastructureError).length;
  return {
    version: 1,
    proctor: proctorVersion,
    runs: [...new Set(scored.map(({ run }) => run))],
    trials: scored.length,
    infrastructureErrors: errors,
    unscored: trials.length - scored.length - errors,
    abilities: { mean: 0, sd: prior.ability },
    difficulties: { mean: fit.centre, sd: prior.difficulty },
    ...(alike !== undefined && { alike }),
    agents: agents.map(([agent, own], at) => ({
      agent,
      ability: fit.abilities[at]?.value ?? 0,
      error: fit.abilities[at]?.error ?? prior.ability,
      tasks: new Set(own.map(taskKey)).size,
      trials: own.length,
      passed: mean(own.map(rewardOf)),
    })),
    tasks: tasks.map(([, own], at) => ({
      ...describe(own),
      difficulty: fit.difficulties[at]?.value ?? fit.centre,
      error: fit.difficulties[at]?.error ?? prior.difficulty,
    })),
  };
}

interface Places {
  agent: ReadonlyMap<string, number>;
  item: ReadonlyMap<string, number>;
}

/** Trials of one agent at one task count for as many as would tell as much at different ones. */
function counted({ agent, key, rewards }: Cell, places: Places, alike: number) {
  const n = effectiveTrials(rewards.length, alike);
  const passed = n * mean(rewards);
  return { agent: places.agent.get(agent) ?? 0, item: places.item.get(key) ?? 0, n, passed };
}

function likenessIn(cells: readonly Cell[], places: Places, fit: RaschFit): number | undefined {
  const repeated = cells.map(({ agent, key, rewards }) => {
    const ability = fit.abilities[places.agent.get(agent) ?? 0]?.value ?? 0;
    const difficulty = fit.difficulties[places.item.get(key) ?? 0]?.value ?? 0;
    const likely = passProbability(ability, { difficulty });
    return { n: rewards.length, passed: rewards.reduce((sum, reward) => sum + reward, 0), likely };
  });
  return likenessOf(repeated, places.agent.size + places.item.size);
}

function describe(own: readonly SetTrial[]): Omit<BankTask, 'difficulty' | 'error'> {
  const [first] = own;
  const costs = own.flatMap(({ score: { efficiency } }) =>
    isUnscored(efficiency.costUsd) ? [] : [efficiency.costUsd],
  );
  return {
    task: first?.task ?? '',
    digest: first?.digest ?? '',
    environmentDigest: first?.environmentDigest ?? '',
    agents: new Set(own.map(({ agent }) => agent)).size,
    trials: own.length,
    passed: mean(own.map(rewardOf)),
    ...(costs.length > 0 && { costUsd: mean(costs) }),
  };
}
