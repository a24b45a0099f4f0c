import { ProctorError } from '../errors.ts';
import { type Interval, wilson } from '../statistic/interval.ts';

/** How forks after a step went. */
export interface Probed {
  /** The last step they took over. */
  step: number;
  succeeded: number;
  attempts: number;
  /** Of the share that succeeds, at 95 %. */
  interval: Interval;
  costUsd: number;
}

export interface Bisection {
  /** The step after which success is no longer reached. */
  decisive: number;
  /** In the order they were asked. */
  probed: Probed[];
  /** Whether the intervals beside the decisive step keep apart, so that chance is an unlikely reason. */
  apart: boolean;
  costUsd: number;
}

/** Forks after a step, as often as is wanted, and tells how many succeeded and what that cost. */
export type Probe = (step: number) => Promise<{ succeeded: number; attempts: number; costUsd: number }>;

/**
 * Finds the decisive step of a failed trial of `steps` steps, halving what is left each time. It takes for granted that a trial
 * that is past saving stays so, and that it could be saved before its first step. Throws `bad-flag` where there are no steps.
 */
export async function bisect(steps: number, probe: Probe): Promise<Bisection> {
  if (steps < 1) throw new ProctorError('bad-flag', 'a trial without steps has no decisive one');
  const probed: Probed[] = [];
  let saved = -1;
  let lost = steps - 1;
  while (lost - saved > 1) {
    const step = Math.floor((saved + lost) / 2);
    const result = await probe(step);
    probed.push({ step, ...result, interval: wilson(result.succeeded, result.attempts) });
    if (result.succeeded * 2 > result.attempts) saved = step;
    else lost = step;
  }
  return {
    decisive: lost,
    probed,
    apart: keepsApart(probed, saved, lost),
    costUsd: probed.reduce((sum, { costUsd }) => sum + costUsd, 0),
  };
}

function keepsApart(probed: Probed[], saved: number, lost: number): boolean {
  const at = (step: number) => probed.find((one) => one.step === step)?.interval;
  const [above, below] = [at(saved), at(lost)];
  return above === undefined || below === undefined || above.low > below.high;
}
