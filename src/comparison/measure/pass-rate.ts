import { bestAtK, passAtK, passHatK, worstAtK } from '../../statistic/pass-at-k.ts';
import type { FigureKind, TaskValues } from '../figure.ts';
import type { PairedTask } from '../pairing.ts';
import type { SetTrial } from '../trial-set.ts';
import { completion } from './completion.ts';

/** A pass rate of `k` attempts over tasks, each task one value. */
export interface PassRate extends Pick<FigureKind, 'better' | 'unit'> {
  id: string;
  values(tasks: readonly PairedTask[]): TaskValues[];
}

/**
 * pass@k and pass^k for every k from 2 that all tasks have attempts for in both sets; of trials that are graded, the
 * lowest and the highest reward that the most of them are expected to have as well.
 */
export function passRates(tasks: readonly PairedTask[]): PassRate[] {
  const attempts = tasks.flatMap(({ a, b }) => [a.length, b.length]).filter((n) => n > 0);
  const most = attempts.length === 0 ? 0 : Math.min(...attempts);
  const ks = Array.from({ length: Math.max(0, most - 1) }, (_, index) => index + 2);
  const graded = tasks.some(({ a, b }) =>
    [...rewards(a), ...rewards(b)].some((one) => one !== 0 && one !== 1),
  );
  return [
    ...ks.flatMap((k) => [
      rate(`pass@${k}`, (trials) => passAtK(trials.length, trials.filter(isCompleted).length, k)),
      rate(`pass^${k}`, (trials) => passHatK(trials.length, trials.filter(isCompleted).length, k)),
    ]),
    ...(graded && most > 1
      ? [
          rate(`best@${most}`, (trials) => bestAtK(rewards(trials), most)),
          rate(`worst@${most}`, (trials) => worstAtK(rewards(trials), most)),
        ]
      : []),
  ];
}

const rewards = (trials: readonly SetTrial[]) =>
  trials.map(({ score }) => completion.of(score)).filter((reward) => typeof reward === 'number');

function rate(id: string, of: (trials: readonly SetTrial[]) => number): PassRate {
  const value = (trials: readonly SetTrial[]) => (trials.length === 0 ? [] : [of(trials)]);
  return {
    id,
    better: 'more',
    unit: 'share',
    values: (tasks) => tasks.map(({ a, b, cluster }) => ({ a: value(a), b: value(b), cluster })),
  };
}

export const isCompleted = ({ score }: SetTrial): boolean => score.completion.success === true;
