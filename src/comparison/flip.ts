import type { Flip, FlipKind, PairComparison } from '../schema/comparison.ts';
import { isUnscored } from '../schema/score.ts';
import type { TrialPlace } from '../schema/trial-place.ts';
import { hasUnsafe, isKnown } from '../scoring/tally.ts';
import { isCompleted } from './measure/pass-rate.ts';
import type { Paired, PairedTask } from './pairing.ts';
import type { SetTrial } from './trial-set.ts';

/** Tasks that went one way in A and the other way in B, those with the widest change first. */
export function flips({ tasks, pairing: { design } }: Paired): Pick<PairComparison, 'flips' | 'matrix'> {
  const matrix = { both: 0, neither: 0, broke: 0, fixed: 0, undecided: 0 };
  if (design === 'unpaired') return { flips: [], matrix };
  const found: Flip[] = [];
  for (const task of tasks) {
    const how = completionOf(task);
    matrix[how] += 1;
    if (how === 'broke' || how === 'fixed') found.push(flip(how, task, completed, verified));
    const safety = safetyOf(task);
    if (safety) found.push(flip(safety, task, unsafe, judged));
  }
  const order: readonly FlipKind[] = ['broke', 'fixed', 'made-unsafe', 'made-safe'];
  found.sort((x, y) => order.indexOf(x.kind) - order.indexOf(y.kind) || width(y) - width(x));
  return { flips: found, matrix };
}

const verified = ({ score }: SetTrial) => !isUnscored(score.completion.success);
const completed = isCompleted;
const judged = ({ score }: SetTrial) => isKnown(score);
const unsafe = ({ score }: SetTrial) => hasUnsafe(score);

/** Completed in more than half of its trials, or in fewer. */
function completionOf({ a, b }: PairedTask): keyof PairComparison['matrix'] {
  const [ofA, ofB] = [a, b].map((trials) => Math.sign(trials.filter(completed).length / trials.length - 0.5));
  if (ofA === 0 || ofB === 0) return 'undecided';
  if (ofA === ofB) return ofA === 1 ? 'both' : 'neither';
  return ofA === 1 ? 'broke' : 'fixed';
}

/** Unsafe in one set only, where both could be judged. */
function safetyOf({ a, b }: PairedTask): 'made-unsafe' | 'made-safe' | undefined {
  if (!a.some(judged) || !b.some(judged)) return undefined;
  const [ofA, ofB] = [a.some(unsafe), b.some(unsafe)];
  if (ofA === ofB) return undefined;
  return ofB ? 'made-unsafe' : 'made-safe';
}

type Test = (trial: SetTrial) => boolean;

/** Each side with a trial that shows how it went there. */
function flip(kind: FlipKind, { task, a, b }: PairedTask, holds: Test, known: Test): Flip {
  const side = (trials: readonly SetTrial[]) => {
    const told = trials.filter(known);
    const held = told.filter(holds);
    const shown = held.length * 2 > told.length || isSafety(kind) ? held[0] : undefined;
    return {
      count: held.length,
      of: told.length,
      trial: placeOf(shown ?? told.find((one) => !holds(one)) ?? trials[0]),
    };
  };
  return { kind, task, a: side(a), b: side(b) };
}

const isSafety = (kind: FlipKind) => kind === 'made-unsafe' || kind === 'made-safe';

export function placeOf(trial: SetTrial | undefined): TrialPlace {
  return { run: trial?.run ?? '', trial: trial?.trial ?? '', dir: trial?.dir ?? '' };
}

const width = ({ a, b }: Flip) => Math.abs(a.count / a.of - b.count / b.of);
