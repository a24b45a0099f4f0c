import { join } from 'node:path';
import { badFile } from '../../schema/author-file.ts';
import { byPath, digestOf, readFolder } from '../../schema/author-folder.ts';
import { generated, type InstanceFile, type Perturbation } from '../../schema/instance.ts';
import type { JsonObject } from '../../schema/json.ts';
import { generatorFile, isOfGenerator } from '../generator-file.ts';
import { loadTask } from '../load.ts';
import type { Task } from '../task.ts';
import { filled, jsonFile, withSettings } from './fill.ts';
import type { Generator } from './generator.ts';
import { madeFolder } from './made-folder.ts';
import { perturbed } from './perturbed.ts';

/** What is asked of an instance. */
export interface InstancePlan {
  seed: string;
  /** What it is called in the place of its seed, which is told to nobody. */
  secretAs?: string;
  /** What gives it content of its own; absent where it has the published one. */
  generator?: Generator | undefined;
  /** Changes of form, in the order in which they are made. */
  perturb?: readonly Pick<Perturbation, 'name' | 'strength'>[];
}

/** An instance of a task, as an ordinary task in a folder of its own. Throws `bad-file`. */
export async function instanceOf(
  task: Task,
  { seed, secretAs, generator, perturb = [] }: InstancePlan,
): Promise<Task> {
  const instance = generated.parse(generator?.(seed) ?? {});
  const published = readFolder(task.dir);
  const content = filled(published, instance, join(task.dir, generatorFile));
  const settings = { ...(instance.proctor as JsonObject), cluster: clusterOf(task) };
  const {
    files: formed,
    perturbations,
    tools,
  } = await perturbed(withSettings(content, settings), perturb, {
    seed,
    declared: task.additions.perturb,
  });
  const record: InstanceFile = {
    base: task.name,
    seed: secretAs ?? seed,
    kind: secretAs !== undefined ? 'private' : kindOf(perturb.length > 0, generator !== undefined),
    baseDigest: digestOf(published.filter(({ path }) => !isOfGenerator(path))),
    covariates: instance.covariates,
    ...(perturb.length > 0 && { perturbations, tools }),
  };
  if (secretAs !== undefined && formed.some(({ content }) => content.includes(seed)))
    throw badFile(
      join(task.dir, generatorFile),
      'puts its seed into the instance, where a private one is read',
    );
  const files = [...formed, { path: 'instance.json', content: jsonFile(record), mode: 0o644 }].sort(byPath);
  const form = perturb.map(({ name, strength }) => `${name}${strength}`).join('+');
  return loadTask(
    madeFolder(files, digestOf(files)),
    [`${task.name}@${record.seed}`, form].filter(Boolean).join('+'),
  );
}

function kindOf(perturbed: boolean, ownContent: boolean): InstanceFile['kind'] {
  if (!perturbed) return 'variant';
  return ownContent ? 'perturbed-variant' : 'perturbation';
}

/** Instances of one task are no independent tries. */
function clusterOf({ name, additions }: Task) {
  const { template, repository } = additions.cluster ?? {};
  return repository === undefined ? { template: template ?? name } : { repository };
}
