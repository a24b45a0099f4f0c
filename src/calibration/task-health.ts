import { type SetTrial, taskKey } from '../comparison/trial-set.ts';
import { several } from '../format.ts';
import type { BankTask } from '../schema/bank.ts';
import { isUnscored, type Unscored } from '../schema/score.ts';
import type { HealthFlag, TaskHealth } from '../schema/suite-health.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { correlationOf } from '../statistic/correlation.ts';
import { rerunsNeeded } from '../statistic/flake.ts';
import { mean } from '../statistic/mean.ts';

/** Rewards by agent, and by the key of the task. */
export type Marks = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** Agents that it takes to say more of a task than that somebody should look at it. */
const leastAgents = 10;
/** Below which a task speaks against what the others say. */
const suspect = -0.2;
/** Agents that it takes for tasks that go alike to be more than chance, and how alike. */
const leastForRedundancy = 8;
const redundant = 0.95;
/** Agents that have to have gone each way: a single one goes its way at many tasks by chance. */
const leastEachWay = 3;

/** Every task by itself, and those that go as another does; `whole` are the agents that were tried at most tasks, which compare them. */
export function taskHealth(
  scored: readonly SetTrial[],
  { marks, whole }: { marks: Marks; whole: Marks },
  difficulties: readonly BankTask[] | Unscored,
): TaskHealth[] {
  const fittedOf = new Map(isUnscored(difficulties) ? [] : difficulties.map((one) => [taskKey(one), one]));
  const untold = isUnscored(difficulties) ? difficulties : { unscored: 'it is not in the fit' };
  const names = new Map(scored.map((one) => [taskKey(one), one.task]));
  const columns = new Map<string, ReadonlyMap<string, number>>();
  return [...groupBy(scored, taskKey)].map(([key, own]) => {
    const column = columnOf(key, marks);
    const values = [...column.values()];
    const passed = mean(values);
    const compared = columnOf(key, whole);
    const discrimination = discriminationOf(key, compared, whole);
    const flaky = flakinessOf(key, marks);
    const twin = twinOf(compared, columns);
    columns.set(key, compared);
    const fitted = fittedOf.get(key);
    const flag = (kind: HealthFlag['kind'], why: string): HealthFlag => ({
      kind,
      why,
      advice: compared.size < leastAgents || kind === 'flaky' ? 'review' : 'drop',
    });
    const flags = [
      ...(values.length > 1 && passed === 1
        ? [flag('too-easy', `${several(values.length, 'agent')} always pass it`)]
        : []),
      ...(values.length > 1 && passed === 0
        ? [flag('too-hard', `none of ${several(values.length, 'agent')} ever passes it`)]
        : []),
      ...(!isUnscored(discrimination) && discrimination < suspect
        ? [flag('mis-keyed', `abler agents pass it less (${discrimination.toFixed(2)})`)]
        : []),
      ...(twin === undefined ? [] : [flag('redundant', `it goes as ${names.get(twin)} does`)]),
      ...(!isUnscored(flaky) && flaky.rate > 0
        ? [flag('flaky', `the same agent passes and fails it; ${flaky.reruns} reruns show it`)]
        : []),
    ];
    return {
      task: own[0]?.task ?? '',
      digest: own[0]?.digest ?? '',
      agents: values.length,
      trials: own.length,
      passed,
      difficulty: fitted ? { value: fitted.difficulty, error: fitted.error } : untold,
      discrimination,
      flaky,
      flags,
    };
  });
}

/** What each agent made of a task, by agent. */
function columnOf(key: string, marks: Marks): ReadonlyMap<string, number> {
  return new Map(
    [...marks].flatMap(([agent, own]) => {
      const rewards = own.get(key);
      return rewards ? [[agent, mean(rewards)] as const] : [];
    }),
  );
}

function discriminationOf(
  key: string,
  column: ReadonlyMap<string, number>,
  marks: Marks,
): TaskHealth['discrimination'] {
  const both = [...column].flatMap(([agent, value]) => {
    const others = [...(marks.get(agent) ?? [])].filter(([other]) => other !== key);
    return others.length === 0 ? [] : [{ value, rest: mean(others.map(([, rewards]) => mean(rewards))) }];
  });
  if (both.length < 3) return { unscored: 'fewer than three agents' };
  const found = correlationOf(
    both.map(({ value }) => value),
    both.map(({ rest }) => rest),
  );
  return found ?? { unscored: 'agents do not differ' };
}

function flakinessOf(key: string, marks: Marks): TaskHealth['flaky'] {
  const repeated = [...marks.values()].map((own) => own.get(key) ?? []).filter((own) => own.length > 1);
  if (repeated.length === 0) return { unscored: 'no agent was tried twice' };
  const mixed = repeated.filter((own) => own.some((value) => value !== own[0]));
  const trials = repeated.reduce((sum, own) => sum + own.length, 0);
  if (mixed.length === 0) return { rate: 0, trials, reruns: 0 };
  const rarer = mixed.map((own) => Math.min(mean(own), 1 - mean(own)));
  const rate = mean(rarer);
  return { rate, trials, reruns: rerunsNeeded(rate) };
}

/** The first task before this one that goes as it does with every agent that both have. */
function twinOf(
  column: ReadonlyMap<string, number>,
  others: ReadonlyMap<string, ReadonlyMap<string, number>>,
): string | undefined {
  return [...others].find(([, other]) => {
    const both = [...column].flatMap(([agent, value]) => {
      const theirs = other.get(agent);
      return theirs === undefined ? [] : [[value, theirs] as const];
    });
    const passing = both.filter(([value]) => value >= 0.5).length;
    if (both.length < leastForRedundancy) return false;
    if (Math.min(passing, both.length - passing) < leastEachWay) return false;
    const found = correlationOf(
      both.map(([value]) => value),
      both.map(([, value]) => value),
    );
    return found !== undefined && found >= redundant;
  })?.[0];
}
