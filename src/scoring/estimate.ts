import { isUnscored, type TrialScore, type Unscored } from '../schema/score.ts';
import { type Interval, mean, meanInterval, wilson, zeroOfN } from '../statistic/interval.ts';

/** A mean over tasks of what was scored, each task's attempts averaged first. */
export interface Estimate {
  mean: number;
  /** Attempts it rests on. */
  n: number;
  /** At 95 %; absent where there is too little to say. */
  interval?: Interval;
}

/** Attempts of one kind among `n`. */
export interface Proportion {
  count: number;
  n: number;
  interval: Interval;
}

/** The mean of a figure over tasks, given task by task; `unscored` where no trial has it. */
export function estimate(
  tasks: readonly (readonly TrialScore[])[],
  figure: (score: TrialScore) => number | Unscored,
  interval: (clusters: number[][]) => Interval | undefined = meanInterval,
): Estimate | Unscored {
  const figures = tasks.map((attempts) => attempts.map(figure));
  const clusters = figures
    .map((values) => values.filter((value) => typeof value === 'number'))
    .filter((values) => values.length > 0);
  if (clusters.length === 0) return figures.flat().find(isUnscored) ?? { unscored: 'no trial was scored' };
  const between = interval(clusters);
  return { mean: mean(clusters.map(mean)), n: clusters.flat().length, ...(between && { interval: between }) };
}

/** `count` of `n` trials, `n` at least 1. */
export function proportionOf(count: number, n: number): Proportion {
  return { count, n, interval: count === 0 ? zeroOfN(n) : wilson(count, n) };
}
