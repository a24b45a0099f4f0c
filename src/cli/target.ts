import { basename, dirname, join, resolve } from 'node:path';
import { bareTask } from '../check/check-environments.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { loadEnvironment } from '../environment/load.ts';
import { unlessFailed } from '../errors.ts';
import { isFile } from '../schema/author-folder.ts';
import { type ImageFlags, tasksOf } from './task.ts';

/** What paths or names of tasks, suites and environments stand for. */
export interface Targets {
  tasks: TaskSetup[];
  /** Each with a task that asks for nothing. */
  environments: TaskSetup[];
}

type TargetFlags = ImageFlags & { tasks: string[]; environments: string[] };

/** Finds tasks and environments; a name that both bear stands for both. Throws `not-found` or `bad-file`. */
export function findTargets(paths: readonly string[], roots: TargetFlags): Targets {
  const targets: Targets = { tasks: [], environments: [] };
  for (const path of paths) {
    const found = targetsOf(path, roots);
    targets.tasks.push(...found.tasks);
    targets.environments.push(...found.environments);
  }
  return targets;
}

function targetsOf(path: string, roots: TargetFlags): Targets {
  const folder = resolve(path);
  if (isFile(join(folder, 'environment.toml')))
    return { tasks: [], environments: [bareSetup(basename(folder), [dirname(folder)])] };
  const environments = unlessMissing(() => [bareSetup(path, roots.environments)]) ?? [];
  const setups = () =>
    tasksOf([path], roots).map((task) => ({
      task,
      environment: environmentOf(task, { roots: roots.environments }),
    }));
  return { tasks: environments.length > 0 ? (unlessMissing(setups) ?? []) : setups(), environments };
}

function bareSetup(name: string, roots: string[]): TaskSetup {
  const environment = loadEnvironment(name, { roots });
  return { task: bareTask(environment), environment };
}

const unlessMissing = <T>(find: () => T) => unlessFailed(find, { code: 'not-found' });
