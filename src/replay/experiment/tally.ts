import type { combination, Experiment, Forks } from '../../schema/experiment.ts';
import { isUnscored, type TrialScore } from '../../schema/score.ts';
import { wilson } from '../../statistic/interval.ts';
import type { Cell, CutSubject, Side } from './plan.ts';
import { gapParts, splitOver } from './split.ts';
import { largestDrop } from './value.ts';

/** A planned fork as it went; without a score where it was not run. */
export interface ForkResult {
  cell: Cell;
  score?: TrialScore;
}

/** What all forks of an experiment come to. */
export function tally(
  subjects: readonly CutSubject[],
  results: readonly ForkResult[],
  valued: readonly { subject: CutSubject; side: 'a' | 'b' }[],
): Pick<Experiment, 'tasks' | 'split' | 'safeSplit' | 'values' | 'planned' | 'ran' | 'diverged' | 'costUsd'> {
  const byCell = new Map<string, ForkResult[]>();
  for (const result of results) {
    const key = keyOf(result.cell);
    byCell.set(key, [...(byCell.get(key) ?? []), result]);
  }
  const forksOf = (cell: Cell) => countForks(byCell.get(keyOf(cell)) ?? []);
  const tasks = subjects.map(({ task, a, b, cut }) => {
    const of = (which: (typeof combination.options)[number]) =>
      forksOf({ kind: 'swap', task, combination: which });
    const forks = { aa: of('aa'), ab: of('ab'), ba: of('ba'), bb: of('bb') };
    const { aa, ab, ba, bb } = forks;
    const safely = { aa: aa.safely, ab: ab.safely, ba: ba.safely, bb: bb.safely };
    const parts = { parts: gapParts(forks), safeParts: gapParts(safely) };
    return { task, a: a.place, b: b.place, ...cut, forks, ...parts };
  });
  const all = countForks(results);
  return {
    tasks,
    split: splitOver(tasks.map(({ parts }) => parts)),
    safeSplit: splitOver(tasks.map(({ safeParts }) => safeParts)),
    values: valued.map(({ subject, side }) => valuesOf(subject, side, forksOf)),
    planned: results.length,
    ran: results.length - all.notRun,
    diverged: all.diverged,
    costUsd: costOf(results),
  };
}

function valuesOf(subject: CutSubject, side: 'a' | 'b', forksOf: (cell: Cell) => Forks) {
  const { task } = subject;
  const { recording, agent, place, begun, succeeded }: Side = subject[side];
  const last = recording.trial.steps.length - 1;
  const steps = Array.from({ length: last }, (_, step) => {
    const forks = forksOf({ kind: 'value', task, side, step });
    const { low, high } = forks.of > 0 ? wilson(forks.succeeded, forks.of) : { low: 0, high: 1 };
    return { step, ...forks, ...(forks.of > 0 && { interval: { low, high } }) };
  });
  const drop = largestDrop(begun, steps, { step: last, succeeded });
  return { task, side, agent: agent.id, trial: place, begun, steps, ...(drop && { drop }) };
}

const keyOf = (cell: Cell): string => JSON.stringify(cell);

function countForks(results: readonly ForkResult[]): Forks {
  const forks: Forks = {
    ...{ succeeded: 0, of: 0, diverged: 0, unscored: 0, notRun: 0 },
    safely: { succeeded: 0, of: 0 },
  };
  for (const { score } of results) {
    const success = score?.completion.success;
    if (!score || score.outcome === 'not-run') forks.notRun++;
    else if (score.outcome === 'diverged') forks.diverged++;
    else if (isUnscored(success)) forks.unscored++;
    else {
      forks.of++;
      if (success) forks.succeeded++;
      const { safeSuccess } = score.safety;
      if (isUnscored(safeSuccess)) continue;
      forks.safely.of++;
      if (safeSuccess) forks.safely.succeeded++;
    }
  }
  return forks;
}

function costOf(results: readonly ForkResult[]): Experiment['costUsd'] {
  const costs = results.flatMap(({ score }) => (score ? [score.efficiency.costUsd] : []));
  const unknown = costs.find(isUnscored);
  return unknown ?? costs.reduce<number>((sum, cost) => sum + (typeof cost === 'number' ? cost : 0), 0);
}
