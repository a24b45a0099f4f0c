import type { AgentGap, HeldOutChange, HeldOutGap, Rise } from '../schema/held-out.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { isFound, type Pair, pairedDifference } from '../statistic/difference.ts';
import { mean } from '../statistic/mean.ts';
import { holm } from '../statistic/multiple.ts';
import { type BaseTask, baseTasks, rewardsOf } from './base-task.ts';
import { changedBases, type InstanceTrial, instanceTrials, type OfInstance } from './instance-trial.ts';
import { leastUnits } from './verdict.ts';
import { points, pText } from './wording.ts';

/** The gap of trials of one agent, or of one set; undefined where no base task was tried both as published and held out. */
export function heldOutGap(trials: readonly OfInstance[]): HeldOutGap | undefined {
  const tasks = bothWays(instanceTrials(trials));
  const found = pairedDifference(
    tasks.map(({ cluster, published, variants }) => ({
      a: rewardsOf(variants),
      b: rewardsOf(published),
      cluster,
    })),
  );
  if (!found) return undefined;
  const count = (of: (task: BaseTask) => readonly InstanceTrial[]) =>
    tasks.reduce((sum, task) => sum + of(task).length, 0);
  const { difference, ...rest } = riseOf(found);
  return {
    published: mean(tasks.map(({ published }) => mean(rewardsOf(published)))),
    heldOut: mean(tasks.map(({ variants }) => mean(rewardsOf(variants)))),
    gap: difference,
    ...rest,
    tasks: tasks.length,
    units: found.units,
    trials: { published: count(({ published }) => published), heldOut: count(({ variants }) => variants) },
  };
}

/** The gap of each agent of whom there is one. */
export function agentGaps(trials: readonly (OfInstance & { agent: string })[]): AgentGap[] {
  return [...groupBy(trials, ({ agent }) => agent)].flatMap(([agent, own]) => {
    const gap = heldOutGap(own);
    return gap ? [{ agent, ...gap }] : [];
  });
}

/** Base tasks that were tried as published, in one version, and as what is not published. */
function bothWays(trials: readonly InstanceTrial[]): BaseTask[] {
  const changed = changedBases(trials);
  return baseTasks(trials).filter(
    ({ base, published, variants }) => !changed.has(base) && published.length > 0 && variants.length > 0,
  );
}

/** What a pair of sets is called, and the trials of both. */
export interface HeldOutPair {
  names: { a: string; b: string };
  a: readonly OfInstance[];
  b: readonly OfInstance[];
}

/** For each pair of sets, whether the published score rose and the held-out one did not; undefined where no base task tells. */
export function heldOutChanges(pairs: readonly HeldOutPair[]): (HeldOutChange | undefined)[] {
  const changes = pairs.map(changeOf);
  const told = changes.filter((change) => change !== undefined);
  // A target takes both findings, so that the larger p is that of the two together.
  const adjusted = holm(told.map(({ published, widening }) => Math.max(published.p, widening.p)));
  return changes.map((change, at) => {
    if (!change) return undefined;
    const p = adjusted[told.indexOf(change)] ?? 1;
    const judged = { ...change, kind: kindOf(change, p) };
    const { names } = pairs[at] ?? { names: { a: 'A', b: 'B' } };
    return {
      ...judged,
      sentence: sentenceOf(judged, names),
      ...(pairs.length > 1 && { adjusted: p }),
    };
  });
}

type Change = Omit<HeldOutChange, 'kind' | 'sentence' | 'adjusted'>;

function changeOf({ a, b }: HeldOutPair): Change | undefined {
  const [ofA, ofB] = [instanceTrials(a), instanceTrials(b)];
  const changed = changedBases([...ofA, ...ofB]);
  const before = new Map(bothWays(ofA).map((task) => [task.base, task]));
  const tasks = bothWays(ofB).flatMap((after) => {
    const task = before.get(after.base);
    return task && !changed.has(after.base) ? [{ cluster: after.cluster, before: task, after }] : [];
  });
  const differenceOf = (of: (task: BaseTask) => number[], range?: number) =>
    pairedDifference(
      tasks.map((task): Pair => ({ a: of(task.before), b: of(task.after), cluster: task.cluster })),
      range,
    );
  const published = differenceOf((task) => rewardsOf(task.published));
  const heldOut = differenceOf((task) => rewardsOf(task.variants));
  // A gap is from −1 to 1, so that two differ by 2 at most.
  const widening = differenceOf(
    (task) => [mean(rewardsOf(task.published)) - mean(rewardsOf(task.variants))],
    2,
  );
  if (!published || !heldOut || !widening) return undefined;
  return {
    tasks: tasks.length,
    units: published.units,
    published: riseOf(published),
    heldOut: riseOf(heldOut),
    widening: riseOf(widening),
  };
}

function riseOf(found: NonNullable<ReturnType<typeof pairedDifference>>): Rise {
  const { mean: difference, low, high, method, p } = found;
  return { difference, interval: { low, high, method }, p };
}

function kindOf({ units, published, heldOut, widening }: Change, p: number): HeldOutChange['kind'] {
  const rose = ({ difference, interval }: Rise, chance: number) =>
    difference > 0 && isFound(interval, chance);
  if (units < leastUnits) return 'descriptive';
  if (!rose(published, published.p)) return 'no-rise';
  if (rose(heldOut, heldOut.p)) return 'rose-alike';
  return rose(published, p) && rose(widening, p) ? 'target' : 'unclear';
}

const conclusions: Record<HeldOutChange['kind'], string> = {
  target: 'the metric may have become the target',
  'rose-alike': 'held-out instances rose too',
  unclear: 'whether held-out instances rose too can’t be told',
  'no-rise': 'no rise of the published score was found',
  descriptive: `descriptive only, as it takes at least ${leastUnits} independent base tasks to tell of others`,
};

function sentenceOf(change: Change & Pick<HeldOutChange, 'kind'>, { a, b }: HeldOutPair['names']): string {
  const { tasks, published, heldOut, widening, kind } = change;
  const size = ({ difference }: Rise) =>
    `${points(Math.abs(difference))} points ${difference < 0 ? 'less' : 'more'}`;
  const range = ({ interval: { low, high }, p }: Rise) => `${points(low)} to ${points(high)}, p ${pText(p)}`;
  return `Of ${tasks} base ${tasks === 1 ? 'task' : 'tasks'} ${b} completes ${size(published)} than ${a} as published (95 % interval ${range(published)}), and ${size(heldOut)} in held-out instances (${range(heldOut)}); the gap ${widening.difference < 0 ? 'shrank' : 'grew'} by ${points(Math.abs(widening.difference))} points (${range(widening)}): ${conclusions[kind]}.`;
}
