import {
  type Combination,
  combination,
  type GapParts,
  type GapSplit,
  type Tries,
} from '../../schema/experiment.ts';
import { isUnscored, type Unscored } from '../../schema/score.ts';
import { mean } from '../../statistic/mean.ts';
import { student } from '../../statistic/student.ts';
import { swapParts } from '../../statistic/swap.ts';

/** Fewer tasks tell of themselves only. */
const fewestTasks = 10;

/** What B does more often than A at one task, such as completing it, split into what was made up to the cut and after it. */
export function gapParts(forks: Readonly<Record<Combination, Tries>>): GapParts | Unscored {
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
export function splitOver(tasks: readonly (GapParts | Unscored)[]): GapSplit {
  const whole = tasks.filter((parts): parts is GapParts => !isUnscored(parts));
  if (whole.length === 0) return { unscored: 'no task has forks of all four combinations that count' };
  const over = (part: keyof GapParts) => {
    const values = whole.map((parts) => parts[part]);
    const test = student(values);
    const most = part === 'interaction' ? 2 : 1;
    const interval = test && { low: Math.max(-most, test.low), high: Math.min(most, test.high) };
    return { mean: mean(values), ...(interval && { interval }) };
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
