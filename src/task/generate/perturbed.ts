import type { AuthorFile } from '../../schema/author-folder.ts';
import type { InstanceFile, Perturbation } from '../../schema/instance.ts';
import type { TaskAdditions } from '../../schema/task.ts';
import { ofFiles } from '../perturb/perturbations.ts';
import { instanceRandom } from '../random.ts';

/** A task's files in another form, what became of each perturbation, and what is left to the listing of tools. */
export interface Perturbed {
  files: AuthorFile[];
  perturbations: Perturbation[];
  tools: NonNullable<InstanceFile['tools']>;
}

/** Perturbs files one way after the other; the chance of each follows from the seed and its name. */
export async function perturbed(
  files: readonly AuthorFile[],
  asked: readonly Pick<Perturbation, 'name' | 'strength'>[],
  { seed, declared }: { seed: string; declared: TaskAdditions['perturb'] },
): Promise<Perturbed> {
  const result: Perturbed = { files: [...files], perturbations: [], tools: {} };
  for (const { name, strength } of asked) {
    const perturb = ofFiles[name];
    const ownSeed = `${seed}/${name}`;
    if (!perturb) result.tools[name as keyof Perturbed['tools']] = { strength, seed: ownSeed };
    const made = await perturb?.(
      { files: result.files, declared },
      { strength, random: instanceRandom(ownSeed) },
    );
    if (Array.isArray(made)) result.files = made;
    result.perturbations.push({ name, strength, ...(typeof made === 'string' && { notApplied: made }) });
  }
  return result;
}
