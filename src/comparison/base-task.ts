import { groupBy } from '../scoring/trial/group.ts';
import { mean } from '../statistic/mean.ts';
import type { InstanceTrial } from './instance-trial.ts';

/** What one agent did at a base task, by what was changed of it. */
export interface BaseTask {
  base: string;
  /** What base tasks share that are no independent tries. */
  cluster: string | undefined;
  published: readonly InstanceTrial[];
  /** Content that is not published; private instances too. */
  variants: readonly InstanceTrial[];
  /** The published content in another form. */
  forms: readonly InstanceTrial[];
  formedVariants: readonly InstanceTrial[];
  /** Recorded calls of its trials that were made again: those of the published instance, and those of variants on the published one. */
  recital: { published: readonly InstanceTrial[]; variants: readonly InstanceTrial[] };
}

/** Trials that stand beside an agent's own. */
export type Beside = BaseTask['recital'];

/** The trials of one agent by base task, and those that stand beside them. */
export function baseTasks(trials: readonly InstanceTrial[], recital: Beside = none): BaseTask[] {
  const besides = (of: readonly InstanceTrial[]) => groupBy(of, ({ base }) => base);
  const [ofPublished, ofVariants] = [besides(recital.published), besides(recital.variants)];
  return [...groupBy(trials, ({ base }) => base)].map(([base, own]) => {
    const of = (...kinds: InstanceTrial['kind'][]) => own.filter(({ kind }) => kinds.includes(kind));
    const published = of('published');
    return {
      base,
      cluster: published[0]?.cluster,
      published,
      variants: of('variant', 'private'),
      forms: of('perturbation'),
      formedVariants: of('perturbed-variant'),
      recital: { published: ofPublished.get(base) ?? [], variants: ofVariants.get(base) ?? [] },
    };
  });
}

const none: Beside = { published: [], variants: [] };

export const rewardsOf = (trials: readonly InstanceTrial[]) => trials.map(({ reward }) => reward);

/** The mean of what there is; undefined where there is nothing. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const told = values.filter((value) => value !== undefined);
  return told.length === 0 ? undefined : mean(told);
}

/** a − b where both are told. */
export const less = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a - b;
