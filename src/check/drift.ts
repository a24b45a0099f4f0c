import type { Covariate } from '../schema/instance.ts';
import { covariatesOf } from '../task/generate/covariate.ts';
import type { Task } from '../task/task.ts';

/** How far a covariate may be from where it belongs, where its generator does not say. */
const usual = 0.1;

interface Value {
  seed: string;
  value: number;
  within: number;
}

/** Where instances are no longer as easy or hard as each other: their covariates are too far from the published ones, else from their median. */
export function driftProblems(
  published: Readonly<Record<string, Covariate>>,
  instances: readonly Task[],
): string[] {
  const values = new Map<string, Value[]>();
  for (const task of instances)
    for (const [name, covariate] of Object.entries(covariatesOf(task)))
      values.set(name, [
        ...(values.get(name) ?? []),
        { seed: task.instance?.seed ?? '', ...plain(covariate) },
      ]);
  return [...values].flatMap(([name, all]) => {
    const own = published[name];
    const center = own === undefined ? median(all.map(({ value }) => value)) : plain(own).value;
    const of = own === undefined ? 'the median is' : 'the published task has';
    const missing =
      all.length < instances.length
        ? [`covariate ${name}: ${all.length} of ${instances.length} instances give it: let each do`]
        : [];
    const drifted = all
      .filter(({ value, within }) => Math.abs(value - center) > within * Math.abs(center) + 1e-9)
      .map(
        ({ seed, value, within }) =>
          `@${seed}: ${name} is ${shown(value)}, and ${of} ${shown(center)}: keep it within ${shown(within * 100)} %, or say { value, within } in covariates`,
      );
    return [...missing, ...drifted];
  });
}

const plain = (covariate: Covariate): Omit<Value, 'seed'> =>
  typeof covariate === 'number' ? { value: covariate, within: usual } : covariate;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

const shown = (value: number) => String(Number(value.toPrecision(4)));
