import type { Parting } from '../schema/comparison.ts';
import type { Unscored } from '../schema/score.ts';
import { mean } from '../statistic/mean.ts';
import type { Paired } from './pairing.ts';
import type { SetTrial } from './trial-set.ts';

/** Pairs of trials that are looked at of one task. */
const mostPairs = 25;
/** Steps that are told apart. */
const mostSteps = 20;

/** At which step trials of two sets first call another tool, or another program of a shell. */
export function partingOf({ tasks, pairing: { design } }: Paired): Parting | Unscored {
  if (design === 'unpaired') return { unscored: 'no task is the same in both' };
  const steps = new Map(tasks.flatMap(({ a, b }) => [...a, ...b]).map((trial) => [trial, stepsOf(trial)]));
  const partings = (pairs: readonly (readonly [SetTrial, SetTrial])[]) =>
    pairs.map(([one, other]) => partAt(steps.get(one) ?? [], steps.get(other) ?? []));
  const between = tasks.map(({ a, b }) => partings(pairsOf(a, b)));
  const within = (side: 'a' | 'b') => middleOf(tasks.map((task) => partings(ownPairs(task[side]))));
  const shareAt = (is: (step: number) => boolean) =>
    mean(between.map((own) => own.filter(is).length / own.length));
  const last = mostSteps - 1;
  const [ofA, ofB] = [within('a'), within('b')];
  return {
    tasks: tasks.length,
    pairs: between.flat().length,
    median: middleOf(between) ?? null,
    at: Array.from({ length: mostSteps }, (_, at) =>
      shareAt((step) => (at === last ? step >= last && step < never : step === at)),
    ),
    never: shareAt((step) => step === never),
    within: { ...(ofA !== undefined && { a: ofA }), ...(ofB !== undefined && { b: ofB }) },
  };
}

const never = Number.POSITIVE_INFINITY;

/** What each step called, as one text. */
function stepsOf({ score: { steps, behaviour } }: SetTrial): string[] {
  let at = 0;
  return steps.map(({ calls }) => {
    const from = at;
    at += calls.length;
    return behaviour.terms.slice(from, at).join('\n');
  });
}

function partAt(a: readonly string[], b: readonly string[]): number {
  const longest = Math.max(a.length, b.length);
  for (let at = 0; at < longest; at++) if (a[at] !== b[at]) return at;
  return never;
}

/** Each of A with each of B, as far as there is room, every trial about as often. */
function pairsOf(a: readonly SetTrial[], b: readonly SetTrial[]): [SetTrial, SetTrial][] {
  const pairs: [SetTrial, SetTrial][] = [];
  for (let shift = 0; shift < b.length && pairs.length < mostPairs; shift++)
    for (const [at, one] of a.entries()) {
      const other = b[(at + shift) % b.length];
      if (other && pairs.length < mostPairs) pairs.push([one, other]);
    }
  return pairs;
}

function ownPairs(trials: readonly SetTrial[]): [SetTrial, SetTrial][] {
  return trials
    .flatMap((one, at) =>
      trials.slice(at + 1, at + 1 + mostPairs).map((other): [SetTrial, SetTrial] => [one, other]),
    )
    .slice(0, mostPairs);
}

/** The median of the tasks' medians; null where most never part, undefined where there are no pairs. */
function middleOf(tasks: readonly (readonly number[])[]): number | null | undefined {
  const medians = tasks.filter((own) => own.length > 0).map(median);
  if (medians.length === 0) return undefined;
  const middle = median(medians);
  return Number.isFinite(middle) ? middle : null;
}

/** The lower of the two in the middle, so that it is a step that was seen. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? never;
}
