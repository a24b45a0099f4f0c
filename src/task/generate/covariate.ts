import type { Covariate } from '../../schema/instance.ts';
import type { Task } from '../task.ts';

/** What makes an instance as easy or hard as another, by name: what is counted of every task, and what its generator says. */
export function covariatesOf(task: Task): Record<string, Covariate> {
  const { reference = [], instance } = task;
  return {
    steps: { value: reference.length, within: 0.1 },
    calls: {
      value: reference.flatMap((step) => ('calls' in step ? step.calls : [step])).length,
      within: 0.1,
    },
    ...(instance?.perturbations === undefined && sizesOf(task)),
    ...instance?.covariates,
  };
}

/** Sizes of its data; a change of form is there to change them. */
function sizesOf({ files, seed }: Task): Record<string, Covariate> {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  return {
    files: { value: files.length, within: 0.1 },
    bytes: { value: bytes + (seed === undefined ? 0 : JSON.stringify(seed).length), within: 0.25 },
  };
}
