import { type BaseTask, less, meanOf, rewardsOf } from '../comparison/base-task.ts';
import type { Measured, Sign, SignId } from '../schema/contamination.ts';
import { isUnscored, type Unscored } from '../schema/score.ts';
import { clustersOf } from '../statistic/cluster.ts';
import { wilson } from '../statistic/interval.ts';
import { mean, total } from '../statistic/mean.ts';
import { signFlip } from '../statistic/sign-flip.ts';
import { clusteredStudent } from '../statistic/student.ts';

interface SignKind {
  id: SignId;
  what: string;
  /** Says something only beside a reference. */
  relative?: true;
  /** Made of few different values, whose signs can all be flipped. */
  flips?: true;
  /** Above 0 where knowing the task beforehand shows; undefined where the trials that it takes are missing. */
  of(task: BaseTask): number | undefined;
  missing: string;
}

const kinds: readonly SignKind[] = [
  {
    id: 'content',
    what: 'published less fresh variants: who knows the published content does better at it',
    flips: true,
    of: ({ published, variants }) => less(meanOf(rewardsOf(published)), meanOf(rewardsOf(variants))),
    missing: 'no base task has trials of the published instance and of variants',
  },
  {
    id: 'form',
    what: 'the usual form, of any content, less another one: who knows the wording does better at it',
    flips: true,
    of: ({ published, forms, variants, formedVariants }) =>
      less(meanOf(rewardsOf([...published, ...variants])), meanOf(rewardsOf([...forms, ...formedVariants]))),
    missing: 'no base task has trials in the usual form and in another',
  },
  {
    id: 'unseen',
    what: 'identifiers in calls that were taken and that stand nowhere in what was seen, published less variants',
    of: ({ published, variants }) =>
      less(meanOf(published.map(({ unseen }) => unseen)), meanOf(variants.map(({ unseen }) => unseen))),
    missing: 'no base task has calls with declared identifiers in the published instance and in variants',
  },
  {
    id: 'recited',
    what: 'recorded calls of variants that complete the published instance, less the other way round: who acts from memory does at variants what is right there',
    flips: true,
    of: ({ recital: { published, variants } }) =>
      less(
        meanOf(rewardsOf(variants)),
        meanOf(rewardsOf(published.filter(({ kind }) => kind !== 'published'))),
      ),
    missing: 'the recorded calls of no base task were made again in both directions; --replay makes them',
  },
  {
    id: 'unseen-anywhere',
    what: 'such identifiers in trials of any instance: who knows how such tasks are made names what it did not see, and is right',
    relative: true,
    of: ({ published, variants, forms, formedVariants }) =>
      meanOf([...published, ...variants, ...forms, ...formedVariants].map(({ unseen }) => unseen)),
    missing: 'no base task has trials with declared identifiers in their calls',
  },
];

/** A value of each base task that has one. */
interface Valued {
  base: string;
  cluster: string | undefined;
  value: number | undefined;
}

/** A sign, and the values that the verdict rests on: the differences to the reference where one was asked for, since variants may be harder for all. */
export interface FoundSign {
  sign: Sign;
  tested: readonly Valued[];
}

/** Every sign of an agent, and beside those of a reference where there is one. */
export function signsOf(own: readonly BaseTask[], reference: readonly BaseTask[] | undefined): FoundSign[] {
  return kinds
    .filter(({ relative }) => !relative || reference)
    .map(({ id, what, of, missing, flips = false }) => {
      const others = new Map(reference?.map((task) => [task.base, of(task)]));
      const values = own.map((task) => ({ base: task.base, cluster: task.cluster, value: of(task) }));
      const against = values.map((one) => ({ ...one, value: less(one.value, others.get(one.base)) }));
      return {
        tested: reference ? against : values,
        sign: {
          id,
          what,
          own: measure(values, { missing, range: 2, flips }),
          ...(reference && {
            against: measure(against, { missing: `${missing}, by both agents`, range: 4, flips }),
          }),
        },
      };
    });
}

/** What the verdict rests on. */
export const tested = ({ own, against }: Sign): Measured | Unscored => against ?? own;

function measure(
  tasks: readonly Valued[],
  { missing, range, flips }: { missing: string; range: number; flips: boolean },
): Measured | Unscored {
  const told = tasks.flatMap(({ value, cluster }) => (value === undefined ? [] : [{ value, cluster }]));
  if (told.length === 0) return { unscored: missing };
  const clusters = clustersOf(told, ({ cluster }) => cluster).map((own) => own.map(({ value }) => value));
  const size = { tasks: told.length, units: clusters.length };
  const test = clusteredStudent(clusters);
  const flipped = flips || !test ? signFlip(clusters.map(total)) : undefined;
  const values = told.map(({ value }) => value);
  if (!test) {
    const { high } = wilson(0, size.units);
    const same = mean(values);
    const p = flipped ?? (same === 0 ? 1 : 2 ** (1 - size.units));
    return {
      ...size,
      mean: same,
      ...(size.units > 1 && {
        interval: {
          low: Math.max(-range / 2, same - high * range),
          high: Math.min(range / 2, same + high * range),
        },
      }),
      ...(flipped !== undefined && { signFlip: flipped }),
      p: oneSided(same, p),
    };
  }
  const { low, high, p: t } = test;
  return {
    ...size,
    mean: test.mean,
    interval: { low: Math.max(-range / 2, low), high: Math.min(range / 2, high) },
    t,
    ...(flipped !== undefined && { signFlip: flipped }),
    p: oneSided(test.mean, flipped ?? t),
  };
}

const oneSided = (value: number, p: number) => (value > 0 ? p / 2 : 1 - p / 2);

/** The measures that there are. */
export const told = (measured: Measured | Unscored): measured is Measured => !isUnscored(measured);
