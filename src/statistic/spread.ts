import { mean, variance } from './mean.ts';
import { clusteredStudent, student } from './student.ts';

/** What the difference of two agents varies by, over tasks and over the trials of one. */
export interface Spread {
  /** Variance of tasks' true differences (ω²). */
  between: number;
  /** Variance of one trial of a task (σ²), of either agent. */
  withinA: number;
  withinB: number;
}

/** Variance of the difference that `attempts` trials of each agent give of a task. */
export function spreadAt({ between, withinA, withinB }: Spread, attempts: number): number {
  return between + (withinA + withinB) / attempts;
}

/** The spread that recorded trials show, task by task; undefined where no task was tried twice, by either agent. */
export function spreadOf(
  pairs: readonly { a: readonly number[]; b: readonly number[] }[],
): Spread | undefined {
  const withinA = within(pairs.map(({ a }) => a));
  const withinB = within(pairs.map(({ b }) => b));
  if (withinA === undefined || withinB === undefined || pairs.length < 2) return undefined;
  const noise = mean(pairs.map(({ a, b }) => withinA / a.length + withinB / b.length));
  const seen = variance(pairs.map(({ a, b }) => mean(b) - mean(a)));
  return { between: Math.max(0, seen - noise), withinA, withinB };
}

/**
 * The spread between the agent that trials of tasks are of and another, not seen yet, that varies as much and whose
 * chances correlate with its over tasks.
 */
export function spreadOfOne(tasks: readonly (readonly number[])[], correlation: number): Spread | undefined {
  const own = within(tasks);
  if (own === undefined || tasks.length < 2) return undefined;
  const noise = mean(tasks.map((trials) => own / trials.length));
  const between = Math.max(0, variance(tasks.map(mean)) - noise);
  return { between: 2 * between * (1 - correlation), withinA: own, withinB: own };
}

/** The variance of trials of one task, of all tasks together that were tried twice. */
function within(tasks: readonly (readonly number[])[]): number | undefined {
  const repeated = tasks.filter((trials) => trials.length > 1);
  const freedom = repeated.reduce((sum, trials) => sum + trials.length - 1, 0);
  if (freedom === 0) return undefined;
  return repeated.reduce((sum, trials) => sum + variance(trials) * (trials.length - 1), 0) / freedom;
}

/** The share of pairs of one trial each that come out differently, of tasks of pass or fail. */
export function discordance(pairs: readonly { a: readonly number[]; b: readonly number[] }[]): number {
  return mean(pairs.map(({ a, b }) => mean(a) * (1 - mean(b)) + mean(b) * (1 - mean(a))));
}

/** How many times as many values it takes where they come in clusters, to be as sure of their mean; at least 1. */
export function designEffect(clusters: readonly (readonly number[])[]): number {
  const values = clusters.flat();
  const error = clusteredStudent(clusters)?.error;
  const alone = student(values)?.error;
  return error !== undefined && alone !== undefined ? Math.max(1, (error / alone) ** 2) : 1;
}
