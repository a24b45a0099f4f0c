import type { Capability } from '../schema/comparison.ts';
import { isUnscored } from '../schema/score.ts';
import { benjaminiHochberg, holm } from '../statistic/multiple.ts';
import { completion } from './measure/completion.ts';
import type { Paired, PairedTask } from './pairing.ts';
import { figureOf } from './scorecard.ts';
import type { SetTrial } from './trial-set.ts';

/** What tasks may have in common, and where that is said of one. */
const kinds: readonly [Capability['by'], (trial: SetTrial) => readonly string[]][] = [
  ['tag', ({ tags }) => tags],
  ['difficulty', ({ difficulty }) => (difficulty === undefined ? [] : [difficulty])],
  ['environment', ({ environment }) => [environment]],
  ['effect', ({ effects }) => effects],
];

/**
 * Where two sets differ: their completion over tasks with something in common, the largest evidence first. What all tasks or one
 * alone have is left out. Corrected by Holm, or by Benjamini and Hochberg in order to `explore`.
 */
export function capabilities({ tasks, pairing: { design } }: Paired, explore: boolean): Capability[] {
  if (design === 'unpaired') return [];
  const found = groups(tasks)
    .filter(({ tasks: own }) => own.length > 1 && own.length < tasks.length)
    .map(({ tasks: own, ...group }) => ({
      ...group,
      tasks: own.map(({ task }) => task),
      figure: figureOf(completion, own, { design }),
    }));
  const p = ({ figure }: Pick<Capability, 'figure'>) => (isUnscored(figure) ? 1 : figure.p);
  const size = ({ figure }: Pick<Capability, 'figure'>) =>
    isUnscored(figure) ? 0 : Math.abs(figure.difference);
  const sorted = found.sort((x, y) => p(x) - p(y) || size(y) - size(x) || y.tasks.length - x.tasks.length);
  const adjusted = (explore ? benjaminiHochberg : holm)(sorted.map(p));
  return sorted.map((one, at) => ({ ...one, adjusted: adjusted[at] ?? 1 }));
}

interface Group extends Pick<Capability, 'by' | 'value' | 'also'> {
  tasks: PairedTask[];
}

/** Groups of tasks; those of exactly the same tasks are one, so that it is not tested twice. */
function groups(tasks: readonly PairedTask[]): Group[] {
  const bySameTasks = new Map<string, Group>();
  for (const [by, valuesOf] of kinds) {
    const named = new Map<string, PairedTask[]>();
    for (const task of tasks)
      for (const value of new Set(task.a.slice(0, 1).flatMap(valuesOf)))
        named.set(value, [...(named.get(value) ?? []), task]);
    for (const [value, own] of named) {
      const key = own.map(({ task }) => task).join('\n');
      const same = bySameTasks.get(key);
      if (same) same.also.push(`${by} ${value}`);
      else bySameTasks.set(key, { by, value, also: [], tasks: own });
    }
  }
  return [...bySameTasks.values()];
}
