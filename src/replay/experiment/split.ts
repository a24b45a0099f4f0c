import {
  type Combination,
  combination,
  type Experiment,
  type Forks,
  type GapParts,
} from '../../schema/experiment.ts';
import { isUnscored, type Unscored } from '../../schema/score.ts';
import { mean } from '../../statistic/mean.ts';
import { student } from '../../statistic/student.ts';
import { swapParts } from '../../statistic/swap.ts';

/** Fewer tasks tell of themselves only. */
const fewestTasks = 10;

/** What B completes more than A at one task, split into what was made up to the cut and after it. */
export function gapParts(forks: Readonly<Record<Combination, Forks>>): GapParts | Unscored {
  const empty = combination.options.filter((which) => forks[which].of === 0);
  if (empty.length > 0) return { unscored: `no fork of ${empty.join(', ')} counts` };
  const rate = (which: Combination) => forks[which].succeeded / forks[which].of;
  const { prefix, suffix, interaction } = swapParts({
    aa: rate('bb'),
    ab: rate('ba'),
    ba: rate('ab'),
    bb: rate('aa'),
  });
  return { gap: rate('bb') - rate('aa'), prefix, suffix, interaction };
}

/** The same over tasks. */
export function splitOver(tasks: readonly (GapParts | Unscored)[]): Experiment['split'] {
  const whole = tasks.filter((parts): parts is GapParts => !isUnscored(parts));
  if (whole.length === 0) return { unscored: 'no task has forks of all four combinations that count' };
  const over = (part: keyof GapParts) => {
    const values = whole.map((parts) => parts[part]);
    const test = student(values);
    return { mean: mean(values), ...(test && { interval: { low: test.low, high: test.high } }) };
  };
  return {
    tasks: whole.length,
    gap: over('gap'),
    prefix: over('prefix'),
    suffix: over('suffix'),
    interaction: over('interaction'),
    descriptive: whole.length < fewestTasks,
  };
}
