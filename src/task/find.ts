import { basename, join, resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import { displayPath } from '../schema/author-file.ts';
import { foldersIn, isFile, isFolder, packageRoot } from '../schema/author-folder.ts';
import { didYouMean } from '../schema/nearest.ts';
import { isTaskFolder, loadTask, nameInSuite } from './load.ts';
import type { Task } from './task.ts';

/** Told of a task that can't be read, and why. */
export type ToldOfMistakes = (task: string, error: ProctorError) => void;

/**
 * Tasks named by paths, in order and without repetition. Each path is a task folder, a suite folder (suites may nest), or
 * the name of either in one of `taskRoots`, `./tasks` or the package's tasks. Throws `not-found` with the nearest name, or `bad-file`
 * where `mistaken` is not there to be told of tasks that can't be read.
 */
export function findTasks(
  paths: readonly string[],
  options: { taskRoots?: readonly string[]; mistaken?: ToldOfMistakes } = {},
): Task[] {
  const given = [...(options.taskRoots ?? []), 'tasks', join(packageRoot, 'tasks')];
  const roots = [...new Set(given.map((root) => resolve(root)))];
  const found = new Map<string, Task>();
  for (const path of paths) {
    for (const task of tasksAt(locate(path, roots), options.mistaken))
      if (!found.has(task.dir)) found.set(task.dir, task);
  }
  return [...found.values()];
}

function locate(path: string, roots: readonly string[]): string {
  const candidates = [resolve(path), ...roots.map((root) => join(root, path)), join(packageRoot, path)];
  const dir = candidates.find((candidate) => isFolder(candidate));
  if (dir !== undefined) return dir;
  if (isFile(resolve(path))) {
    throw new ProctorError('not-found', `${path}: is a file; expected a task folder or a suite folder`);
  }
  const hint = didYouMean(path, namesBelow(roots));
  throw new ProctorError(
    'not-found',
    `no task or suite "${path}"; expected a folder with task.toml, a folder of such folders, or a name in ${roots.map(displayPath).join(', ')}${hint}`,
  );
}

function namesBelow(roots: readonly string[]): string[] {
  return roots.flatMap((root) =>
    foldersIn(root).flatMap((suite) => [
      suite,
      ...foldersIn(join(root, suite)).map((task) => `${suite}/${task}`),
    ]),
  );
}

function tasksAt(dir: string, mistaken?: ToldOfMistakes): Task[] {
  const load = (folder: string, name?: string) => {
    try {
      return [loadTask(folder, name)];
    } catch (error) {
      if (!mistaken || !(error instanceof ProctorError)) throw error;
      mistaken(name ?? basename(folder), error);
      return [];
    }
  };
  if (isTaskFolder(dir)) return load(dir);
  const tasks = taskFoldersBelow(dir);
  if (tasks.length > 0) return tasks.flatMap((task) => load(task, nameInSuite(dir, task)));
  throw new ProctorError(
    'not-found',
    `${displayPath(dir)}: no task in it; expected task.toml here or in a folder below`,
  );
}

function taskFoldersBelow(dir: string): string[] {
  return foldersIn(dir).flatMap((name) => {
    const folder = join(dir, name);
    return isTaskFolder(folder) ? [folder] : taskFoldersBelow(folder);
  });
}
