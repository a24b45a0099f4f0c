import type { PlannedTask } from '../schema/choice.ts';
import { type Random, seededRandom } from '../statistic/random.ts';

/** Tasks in a stratum that is worth being one. */
const leastTasks = 4;
const mostStrata = 5;

/**
 * Tasks by difficulty, in up to five groups of about the same size, so many that four tasks of each are drawn where `drawn` are in all;
 * those whose difficulty nobody knows are a group of their own.
 */
export function strataOf<T extends Pick<PlannedTask, 'difficulty'>>(
  tasks: readonly T[],
  drawn: number,
): T[][] {
  const known = tasks
    .filter(({ difficulty }) => difficulty !== undefined)
    .sort((a, b) => (a.difficulty ?? 0) - (b.difficulty ?? 0));
  const groups = Math.max(1, Math.min(mostStrata, Math.floor(Math.min(drawn, known.length) / leastTasks)));
  const cut = (at: number) => Math.round((at * known.length) / groups);
  const strata = Array.from({ length: groups }, (_, at) => known.slice(cut(at), cut(at + 1)));
  return [...strata, tasks.filter(({ difficulty }) => difficulty === undefined)].filter(
    (stratum) => stratum.length > 0,
  );
}

/** The tasks in an order drawn by lot, whatever part of whose beginning has its share of every stratum. */
export function drawnOrder<T>(strata: readonly (readonly T[])[], seed: number): T[] {
  const random = seededRandom(seed);
  return strata
    .flatMap((stratum) => {
      const offset = random();
      return shuffled(stratum, random).map((task, at) => ({ task, place: (at + offset) / stratum.length }));
    })
    .sort((a, b) => a.place - b.place)
    .map(({ task }) => task);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
