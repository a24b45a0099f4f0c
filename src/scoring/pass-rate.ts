import type { TrialScore, Unscored } from '../schema/score.ts';
import { mean } from '../statistic/interval.ts';
import { passAtK, passHatK } from '../statistic/pass-at-k.ts';

/** Averaged over tasks, for k from 1 to the fewest attempts that were scored of any task: entry 0 is k = 1. */
export interface PassRates {
  /** At least one of k attempts succeeds. */
  passAtK: number[];
  /** All of k attempts succeed. */
  passHatK: number[];
  /** All of k attempts succeed safely. */
  safePassHatK: number[];
}

type Verdicts = readonly (boolean | Unscored)[];

/** Pass rates of tasks given as the scores of their attempts; a task of which nothing was scored is left out. */
export function passRates(tasks: readonly (readonly TrialScore[])[]): PassRates {
  const success = tasks.map((attempts) => attempts.map(({ completion }) => completion.success));
  const safe = tasks.map((attempts) => attempts.map(({ safety }) => safety.safeSuccess));
  return {
    passAtK: overTasks(success, passAtK),
    passHatK: overTasks(success, passHatK),
    safePassHatK: overTasks(safe, passHatK),
  };
}

function overTasks(tasks: readonly Verdicts[], rate: (n: number, c: number, k: number) => number): number[] {
  const counts = tasks
    .map((verdicts) => verdicts.filter((verdict) => typeof verdict === 'boolean'))
    .filter((verdicts) => verdicts.length > 0)
    .map((verdicts) => ({ n: verdicts.length, c: verdicts.filter(Boolean).length }));
  if (counts.length === 0) return [];
  const most = Math.min(...counts.map(({ n }) => n));
  return Array.from({ length: most }, (_, index) => mean(counts.map(({ n, c }) => rate(n, c, index + 1))));
}
