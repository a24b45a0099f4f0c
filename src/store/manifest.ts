import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../environment/environment.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { ProctorError } from '../errors.ts';
import type { Task } from '../task/task.ts';
import { type PackedFolder, packInto } from './pack.ts';
import type { Store } from './store.ts';
import type { PackCache } from './unpack.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What other machines need to load the tasks of a run as they were when it was started; folders are in the store, by their packs. */
export const manifest = z.strictObject({
  tasks: z.array(
    z.strictObject({
      name: z.string(),
      /** Where the one who started the run has it. */
      path: z.string(),
      digest,
      pack: digest,
      /** By name; absent where the task brings its own image. */
      environment: z.string().optional(),
    }),
  ),
  environments: z.array(
    z.strictObject({
      name: z.string(),
      digest,
      /** The folder below `environments/`, and that of its image. */
      pack: digest,
    }),
  ),
});
export type Manifest = z.infer<typeof manifest>;

/** A task with its environment. */
export interface TaskSetup {
  task: Task;
  environment: Environment;
}

/** Stores the folders of tasks, environments and their images, each once. Throws `store-failed`, or `bad-file` where a folder can't be had elsewhere. */
export async function packTasks(store: Store, setups: readonly TaskSetup[]): Promise<Manifest> {
  const tasks = new Map<string, Manifest['tasks'][number]>();
  const environments = new Map<string, Manifest['environments'][number]>();
  for (const { task, environment } of setups) {
    const { name, dir: path } = task;
    const isOwn = environment.dir === '';
    if (!isOwn && !environments.has(environment.name)) {
      const pack = await packInto(store, foldersOf(environment));
      environments.set(environment.name, { name: environment.name, digest: environment.digest, pack });
    }
    if (tasks.has(name)) continue;
    const pack = await packInto(store, [{ dir: path, as: '' }]);
    const named = !isOwn && { environment: environment.name };
    tasks.set(name, { name, path, digest: task.digest, pack, ...named });
  }
  return { tasks: [...tasks.values()], environments: [...environments.values()] };
}

/** An environment's image is looked for in a folder beside the one that environments lie in. */
function foldersOf({ name, dir, image, config }: Environment): PackedFolder[] {
  const own = { dir, as: `environments/${name}` };
  if (image?.kind !== 'build' || config.image === undefined || config.image === '.') return [own];
  return [own, { dir: image.context, as: `sandbox-images/${config.image}` }];
}

interface UnpackParts {
  manifest: Manifest;
  cache: PackCache;
  /** Reads a task folder, with the images that the run gives its tasks. */
  load(dir: string, name: string): Task;
}

/** Gives the tasks of a run by their names, each unpacked and loaded once, when it is first asked for. */
export function tasksOfManifest(parts: UnpackParts): (task: string) => Promise<TaskSetup> {
  const setups = new Map<string, Promise<TaskSetup>>();
  return (name) => {
    const known = setups.get(name);
    if (known) return known;
    const setup = loadSetup(name, parts);
    setups.set(name, setup);
    setup.catch(() => setups.delete(name));
    return setup;
  };
}

async function loadSetup(name: string, { manifest, cache, load }: UnpackParts): Promise<TaskSetup> {
  const packed = manifest.tasks.find((task) => task.name === name);
  if (!packed) throw new ProctorError('not-found', `the run has no task ${name}`);
  const task = { ...load(await cache.folder(packed.pack), name), startedFrom: packed.path };
  const named = manifest.environments.find((one) => one.name === packed.environment);
  const roots = named ? [join(await cache.folder(named.pack), 'environments')] : [];
  const environment = environmentOf(task, { roots });
  requireSame(`task ${name}`, task.digest, packed.digest);
  if (named) requireSame(`environment ${named.name}`, environment.digest, named.digest);
  return { task, environment };
}

function requireSame(what: string, digest: string, started: string): void {
  if (digest !== started)
    throw new ProctorError(
      'bad-file',
      `${what}: is not what the run was started with; it changed while it was packed`,
    );
}
