import type { Tries, ValuedTrial } from '../../schema/experiment.ts';
import { wilson } from '../../statistic/interval.ts';

/**
 * The step that cost most of what its trial was worth: from the value before it to the value after it, where the first is what it
 * was worth to begin. Undefined where no step cost anything. The last step has the trial's own end for its value.
 */
export function largestDrop(
  begun: Tries,
  steps: readonly (Tries & { step: number })[],
  end: { step: number; succeeded: boolean },
): ValuedTrial['drop'] {
  const ended = { step: end.step, succeeded: end.succeeded ? 1 : 0, of: 1 };
  const known = [{ step: -1, ...begun }, ...steps, ended].filter(({ of }) => of > 0);
  const drops = known.slice(1).map((to, index) => dropBetween(known[index] ?? to, to));
  const largest = drops.reduce(
    (most, one) => (one.from - one.to > most.from - most.to ? one : most),
    nothing,
  );
  return largest.from > largest.to ? largest : undefined;
}

const nothing = { step: 0, from: 0, to: 0, apart: false };

function dropBetween(before: Tries, after: Tries & { step: number }) {
  const [from, to] = [before.succeeded / before.of, after.succeeded / after.of];
  const apart = wilson(before.succeeded, before.of).low > wilson(after.succeeded, after.of).high;
  return { step: after.step, from, to, apart };
}
