import { join } from 'node:path';
import { byPath, digestOf, folderDigest, readFolder } from '../../schema/author-folder.ts';
import type { InstanceFile } from '../../schema/instance.ts';
import type { JsonObject } from '../../schema/json.ts';
import { generatorFile } from '../generator-file.ts';
import { loadTask } from '../load.ts';
import type { Task } from '../task.ts';
import { filled, jsonFile, withSettings } from './fill.ts';
import type { Generator } from './generator.ts';
import { madeFolder } from './made-folder.ts';

/** The instance of a generated task by a seed, as an ordinary task in a folder of its own. Throws `bad-file`. */
export function instanceOf(task: Task, seed: string, generator: Generator): Task {
  const where = join(task.dir, generatorFile);
  const instance = generator(seed);
  const record: InstanceFile = {
    base: task.name,
    seed,
    kind: 'variant',
    baseDigest: folderDigest(task.dir),
    covariates: instance.covariates,
  };
  const settings = { ...(instance.proctor as JsonObject), cluster: clusterOf(task) };
  const files = [
    ...withSettings(filled(readFolder(task.dir), instance, where), settings),
    { path: 'instance.json', content: jsonFile(record), mode: 0o644 },
  ].sort(byPath);
  return loadTask(madeFolder(files, digestOf(files)), `${task.name}@${seed}`);
}

/** Instances of one task are no independent tries. */
function clusterOf({ name, additions }: Task) {
  const { template, repository } = additions.cluster ?? {};
  return repository === undefined ? { template: template ?? name } : { repository };
}
