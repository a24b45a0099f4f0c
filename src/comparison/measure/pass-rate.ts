import { passAtK, passHatK } from '../../statistic/pass-at-k.ts';
import type { FigureKind, TaskValues } from '../figure.ts';
import type { PairedTask } from '../pairing.ts';
import type { SetTrial } from '../trial-set.ts';

/** A pass rate of `k` attempts over tasks, each task one value. */
export interface PassRate extends Pick<FigureKind, 'better' | 'unit'> {
  id: string;
  values(tasks: readonly PairedTask[]): TaskValues[];
}

/** pass@k and pass^k for every k from 2 that all tasks have attempts for in both sets. */
export function passRates(tasks: readonly PairedTask[]): PassRate[] {
  const attempts = tasks.flatMap(({ a, b }) => [a.length, b.length]).filter((n) => n > 0);
  const most = attempts.length === 0 ? 0 : Math.min(...attempts);
  const ks = Array.from({ length: Math.max(0, most - 1) }, (_, index) => index + 2);
  return ks.flatMap((k) => [rate(`pass@${k}`, k, passAtK), rate(`pass^${k}`, k, passHatK)]);
}

function rate(id: string, k: number, of: (n: number, c: number, k: number) => number): PassRate {
  const value = (trials: readonly SetTrial[]) =>
    trials.length === 0 ? [] : [of(trials.length, trials.filter(isCompleted).length, k)];
  return {
    id,
    better: 'more',
    unit: 'share',
    values: (tasks) => tasks.map(({ a, b, cluster }) => ({ a: value(a), b: value(b), cluster })),
  };
}

export const isCompleted = ({ score }: SetTrial): boolean => score.completion.success === true;
