import type { Random } from '../../../src/statistic/random.ts';

/** What the trials of a task score, 0 to 1. */
export type Trial = (passes: number, random: Random) => number;

export const passOrFail: Trial = (passes, random) => Number(random() < passes);

/** Four checks that each pass by themselves. */
export const graded: Trial = (passes, random) =>
  [1, 2, 3, 4].reduce((sum) => sum + passOrFail(passes, random), 0) / 4;

/** How likely a task is passed: tasks come from a population of some kinds. */
export interface Population {
  /** Each kind's share of tasks, and how likely one of them is passed. */
  kinds: readonly (readonly [share: number, passes: number])[];
}

/** Most tasks are always passed or never, as in recorded suites. */
export const bimodal: Population = {
  kinds: [
    [0.55, 0.95],
    [0.2, 0.5],
    [0.25, 0.05],
  ],
};

/** Tasks that pass so often that many samples have no failure. */
export const easy: Population = {
  kinds: [
    [0.9, 0.99],
    [0.1, 0.8],
  ],
};

export const meanOf = ({ kinds }: Population) =>
  kinds.reduce((sum, [share, passes]) => sum + share * passes, 0);

export function draw({ kinds }: Population, random: Random): number {
  let left = random();
  for (const [share, passes] of kinds) {
    if (left < share) return passes;
    left -= share;
  }
  return kinds.at(-1)?.[1] ?? 0;
}

/**
 * How likely two agents pass the same task: mostly as likely, else each by its own draw; B is helped, passing for sure,
 * in this share of tasks.
 */
export function drawBoth(population: Population, helped: number, random: Random): { a: number; b: number } {
  const a = draw(population, random);
  const b = random() < 0.6 ? a : draw(population, random);
  return { a, b: random() < helped ? 1 : b };
}

/** The difference b − a that is true of all tasks. */
export const trueDifference = (population: Population, helped: number) => helped * (1 - meanOf(population));

export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
