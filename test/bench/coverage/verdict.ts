import { compareSets, usualMargin } from '../../../src/comparison/compare-sets.ts';
import type { Random } from '../../../src/statistic/random.ts';
import { madeSet, tasksOf } from '../../comparison/made-set.ts';
import { bimodal, drawBoth, passOrFail, times } from './world.ts';

/** The designs in use: how many tasks, and how often each is tried. */
export const designs = [
  { tasks: 20, attempts: 1 },
  { tasks: 20, attempts: 4 },
  { tasks: 40, attempts: 2 },
] as const;

/** What the whole comparison says of two agents that pass tasks as often as each other, though not the same ones. */
export function verdictOfEqual({ tasks, attempts }: (typeof designs)[number], random: Random): string {
  const passes = times(tasks, () => drawBoth(bimodal, 0, random));
  const tried = (side: 'a' | 'b') =>
    tasksOf(tasks, (at) => times(attempts, () => passOrFail(passes[at]?.[side] ?? 0, random)));
  const sets = [madeSet('a', tried('a')), madeSet('b', tried('b'))];
  return compareSets(sets, { margin: usualMargin }).pairs[0]?.verdict.kind ?? '';
}
