import { byTask, type SummaryRow } from './summary-row.ts';
import { type Tally, tally } from './tally.ts';
import { groupBy } from './trial/group.ts';

/** One agent over the tasks that have something in common. */
export interface Breakdown
  extends Pick<Tally, 'trials' | 'scored' | 'completion' | 'safeSuccess' | 'unsafe'> {
  by: 'tag' | 'difficulty';
  value: string;
  /** What all of these tasks, and no others, have in common too: `tag refund`, `difficulty easy`. */
  also: string[];
  agent: string;
  tasks: number;
}

const kinds: readonly [Breakdown['by'], (row: SummaryRow) => readonly string[]][] = [
  ['difficulty', ({ difficulty }) => (difficulty === undefined ? [] : [difficulty])],
  ['tag', ({ tags }) => tags],
];

/** What trials come to by difficulty, then by tag, the largest groups first; what all tasks or one alone have is left out. */
export function breakdown(rows: readonly SummaryRow[]): Breakdown[] {
  const all = new Set(rows.map(({ task }) => task)).size;
  return kinds.flatMap(([by, valuesOf]) =>
    groups(rows, by, valuesOf)
      .filter(({ tasks }) => tasks > 1 && tasks < all)
      .sort((x, y) => y.tasks - x.tasks)
      .flatMap(({ rows: own, tasks: _, ...group }) =>
        [...groupBy(own, ({ agent }) => agent)].map(([agent, ofAgent]): Breakdown => {
          const { tasks, clusters } = byTask(ofAgent);
          const { trials, scored, completion, safeSuccess, unsafe } = tally(tasks, clusters);
          const figures = { trials, scored, completion, safeSuccess, unsafe };
          return { ...group, agent, tasks: tasks.length, ...figures };
        }),
      ),
  );
}

interface Group extends Pick<Breakdown, 'by' | 'value' | 'also' | 'tasks'> {
  rows: SummaryRow[];
}

/** Groups of rows; those of exactly the same tasks are one. */
function groups(
  rows: readonly SummaryRow[],
  by: Breakdown['by'],
  valuesOf: (row: SummaryRow) => readonly string[],
): Group[] {
  const named = new Map<string, SummaryRow[]>();
  for (const row of rows)
    for (const value of new Set(valuesOf(row))) named.set(value, [...(named.get(value) ?? []), row]);
  const bySameTasks = new Map<string, Group>();
  for (const [value, own] of named) {
    const tasks = [...new Set(own.map(({ task }) => task))];
    const same = bySameTasks.get(tasks.join('\n'));
    if (same) same.also.push(`${by} ${value}`);
    else bySameTasks.set(tasks.join('\n'), { by, value, also: [], tasks: tasks.length, rows: own });
  }
  return [...bySameTasks.values()];
}
