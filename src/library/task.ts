import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../schema/author-folder.ts';
import type { JsonObject } from '../schema/json.ts';
import { findTasks, type ToldOfMistakes } from '../task/find.ts';
import { type ImageChanges, withImages } from '../task/image.ts';
import type { Task } from '../task/task.ts';

/** Flags that say which images tasks get. */
export interface ImageFlags {
  imageMap: Record<string, string>;
  withPytest?: boolean;
}

/** Tasks by paths or names, with the images that were asked for. Throws `not-found`, or `bad-file` where `mistaken` is absent. */
export function tasksOf(
  paths: readonly string[],
  flags: ImageFlags & { tasks: readonly string[] },
  mistaken?: ToldOfMistakes,
): Task[] {
  return findTasks(paths, { taskRoots: flags.tasks, ...(mistaken && { mistaken }) }).map((task) =>
    withAskedImages(task, flags),
  );
}

/** A task with the images that were asked for. */
export const withAskedImages = (task: Task, flags: ImageFlags): Task => withImages(task, imageChanges(flags));

/** What `run.json` keeps of these flags. */
export function imageOptions({ imageMap, withPytest = false }: ImageFlags) {
  return { imageMap, withPytest };
}

const kept = z.looseObject({
  imageMap: z.record(z.string(), z.string()).default({}),
  withPytest: z.boolean().default(false),
});

/** A task with the images that a recorded run gave it, by the run's options. */
export function asInRun(task: Task, options: JsonObject): Task {
  return withImages(task, imageChanges(kept.parse(options)));
}

function imageChanges({ imageMap, withPytest }: ImageFlags): ImageChanges {
  return { map: imageMap, ...(withPytest && { layer: join(packageRoot, 'sandbox-images', 'pytest') }) };
}
