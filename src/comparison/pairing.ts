import type { ComparisonPairing } from '../schema/comparison.ts';
import { effectiveReward } from '../scoring/tally.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { mean } from '../statistic/mean.ts';
import { isInfrastructureError, isScored, type SetTrial, type TrialSet, taskKey } from './trial-set.ts';

/** One task with the scored trials of both sets; at least one of each where they are paired. */
export interface PairedTask {
  task: string;
  a: readonly SetTrial[];
  b: readonly SetTrial[];
  cluster?: string;
}

/** What two sets are compared over. Where no task is the same in both, `a` or `b` of each task is empty. */
export interface Paired {
  tasks: readonly PairedTask[];
  pairing: ComparisonPairing;
}

/** Pairs two sets over the tasks whose digests are equal. */
export function pairSets(a: TrialSet, b: TrialSet): Paired {
  const [ofA, ofB] = [groupBy(a.trials, taskKey), groupBy(b.trials, taskKey)];
  const shared = [...ofA].flatMap(([key, own]) => {
    const other = ofB.get(key);
    return other ? [{ a: own, b: other }] : [];
  });
  const tasks = shared.map(scoredOf).filter((one) => one.a.length > 0 && one.b.length > 0);
  const left = leftOut(a, b, new Set(shared.flatMap((one) => one.a.map(taskKey))));
  const unscored = shared.map(scoredOf).filter((one) => one.a.length === 0 || one.b.length === 0);
  const design = tasks.length > 0 ? 'paired' : 'unpaired';
  const compared = design === 'paired' ? tasks : apart(a, b);
  const attempts = compared.flatMap((one) => [one.a.length, one.b.length]).filter((n) => n > 0);
  const units = unitsOf(compared, design);
  const errors = {
    a: shared.flatMap((one) => one.a.filter(isInfrastructureError)).length,
    b: shared.flatMap((one) => one.b.filter(isInfrastructureError)).length,
  };
  return {
    tasks: compared,
    pairing: {
      design,
      tasks: {
        a: compared.filter((one) => one.a.length > 0).length,
        b: compared.filter((one) => one.b.length > 0).length,
      },
      units,
      unit:
        compared.some(({ cluster }) => cluster !== undefined) && units < compared.length ? 'cluster' : 'task',
      trials: {
        a: compared.reduce((sum, one) => sum + one.a.length, 0),
        b: compared.reduce((sum, one) => sum + one.b.length, 0),
      },
      attempts: { least: Math.min(...attempts), most: Math.max(...attempts) },
      ...left,
      unscored: unscored.map(({ task }) => task),
      infrastructureErrors: errors,
      ...(errors.a + errors.b > 0 && { bounds: boundsOf(shared) }),
    },
  };
}

type Shared = Record<'a' | 'b', readonly SetTrial[]>;

function scoredOf({ a, b }: Shared): PairedTask {
  const [first] = [...a, ...b];
  return {
    task: first?.task ?? '',
    a: a.filter(isScored),
    b: b.filter(isScored),
    ...(first?.cluster !== undefined && { cluster: first.cluster }),
  };
}

/** The tasks of both sets, each with the trials of one. */
function apart(a: TrialSet, b: TrialSet): PairedTask[] {
  const side = (set: TrialSet) => [...groupBy(set.trials.filter(isScored), taskKey).values()];
  return [
    ...side(a).map((own) => scoredOf({ a: own, b: [] })),
    ...side(b).map((own) => scoredOf({ a: [], b: own })),
  ];
}

/** Independent tries; of the smaller side where tasks differ. */
function unitsOf(tasks: readonly PairedTask[], design: ComparisonPairing['design']): number {
  const units = (some: readonly PairedTask[]) =>
    new Set(some.map((one) => (one.cluster === undefined ? one : `${one.cluster}`))).size;
  if (design === 'paired') return units(tasks);
  return Math.min(
    units(tasks.filter((one) => one.a.length > 0)),
    units(tasks.filter((one) => one.b.length > 0)),
  );
}

/** What is in one set only, or not the same in both, by the names of tasks. */
function leftOut(a: TrialSet, b: TrialSet, shared: ReadonlySet<string>) {
  const named = (set: TrialSet) =>
    groupBy(
      set.trials.filter((trial) => !shared.has(taskKey(trial))),
      ({ task }) => task,
    );
  const [ofA, ofB] = [named(a), named(b)];
  const changed = [...ofA].flatMap(([task, [one]]) => {
    const [other] = ofB.get(task) ?? [];
    if (!one || !other) return [];
    const what: ('task' | 'environment')[] = [
      ...(one.digest === other.digest ? [] : (['task'] as const)),
      ...(one.environmentDigest === other.environmentDigest ? [] : (['environment'] as const)),
    ];
    return [{ task, what }];
  });
  const only = (own: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>) =>
    [...own.keys()].filter((task) => !other.has(task)).sort();
  return { changed, missing: only(ofA, ofB), extra: only(ofB, ofA) };
}

/** The difference in completion over all tasks that both have, if every infrastructure error had gone against B, and for it. */
function boundsOf(shared: readonly Shared[]): { low: number; high: number } {
  const completion = (trials: readonly SetTrial[], ofErrors: number) => {
    const values = trials.flatMap((trial) =>
      isInfrastructureError(trial) ? [ofErrors] : isScored(trial) ? [rewardOf(trial)] : [],
    );
    return values.length === 0 ? undefined : mean(values);
  };
  const difference = (errorsOfA: number, errorsOfB: number) =>
    mean(
      shared.flatMap(({ a, b }) => {
        const [ofA, ofB] = [completion(a, errorsOfA), completion(b, errorsOfB)];
        return ofA === undefined || ofB === undefined ? [] : [ofB - ofA];
      }),
    );
  return { low: difference(1, 0), high: difference(0, 1) };
}

const rewardOf = ({ score }: SetTrial): number => {
  const reward = effectiveReward(score);
  return typeof reward === 'number' ? reward : 0;
};
