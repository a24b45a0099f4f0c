import { mean, variance } from './mean.ts';

/**
 * Kuder and Richardson's reliability (KR-20, Cronbach's α where scores are graded) of a suite's sums, of agents by tasks: 1 where they
 * say only who is abler. Undefined for fewer than two of either, or where all sums are equal.
 */
export function reliability(agents: readonly (readonly number[])[]): number | undefined {
  const tasks = agents[0]?.length ?? 0;
  if (agents.length < 2 || tasks < 2) return undefined;
  const total = variance(agents.map((own) => own.reduce((sum, value) => sum + value, 0)));
  if (total === 0) return undefined;
  const apart = Array.from({ length: tasks }, (_, at) => variance(agents.map((own) => own[at] ?? 0)));
  return (tasks / (tasks - 1)) * (1 - (mean(apart) * tasks) / total);
}

/** The reliability of a suite `times` as long (Spearman and Brown). */
export function lengthened(known: number, times: number): number {
  return (times * known) / (1 + (times - 1) * known);
}
