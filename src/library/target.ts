import { basename, dirname, join, resolve } from 'node:path';
import { bareTask } from '../check/check-environments.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { loadEnvironment } from '../environment/load.ts';
import { sandboxSpec } from '../environment/sandbox-spec.ts';
import { ProctorError, unlessFailed } from '../errors.ts';
import { isFile } from '../schema/author-folder.ts';
import type { ToldOfMistakes } from '../task/find.ts';
import type { Task } from '../task/task.ts';
import { type ImageFlags, tasksOf } from './task.ts';

/** What paths or names of tasks, suites and environments stand for. */
export interface Targets {
  tasks: TaskSetup[];
  /** Each with a task that asks for nothing. */
  environments: TaskSetup[];
}

type TargetFlags = ImageFlags & { tasks: string[]; environments: string[] };

/** Finds tasks and environments; a name that both bear stands for both. Throws `not-found` or `bad-file`; of tasks where nobody is told of them. */
export function findTargets(
  paths: readonly string[],
  roots: TargetFlags,
  mistaken: ToldOfMistakes = rethrown,
): Targets {
  const targets: Targets = { tasks: [], environments: [] };
  for (const path of paths) {
    const found = targetsOf(path, roots, mistaken);
    targets.tasks.push(...found.tasks);
    targets.environments.push(...found.environments);
  }
  return targets;
}

function targetsOf(path: string, roots: TargetFlags, mistaken: ToldOfMistakes): Targets {
  const folder = resolve(path);
  if (isFile(join(folder, 'environment.toml')))
    return { tasks: [], environments: [bareSetup(basename(folder), [dirname(folder)])] };
  const environments = unlessMissing(() => [bareSetup(path, roots.environments)]) ?? [];
  const setups = () =>
    tasksOf([path], roots, mistaken).flatMap((task) => setupOf(task, roots.environments, mistaken));
  return { tasks: environments.length > 0 ? (unlessMissing(setups) ?? []) : setups(), environments };
}

/** A task with its environment; none where that, or what the task says of its sandbox, is a mistake, which is told of. */
export function setupOf(task: Task, roots: readonly string[], mistaken: ToldOfMistakes): TaskSetup[] {
  try {
    const environment = environmentOf(task, { roots });
    sandboxSpec(task, environment, { run: '', trial: '' });
    return [{ task, environment }];
  } catch (error) {
    if (!(error instanceof ProctorError)) throw error;
    mistaken(task.name, error);
    return [];
  }
}

function bareSetup(name: string, roots: string[]): TaskSetup {
  const environment = loadEnvironment(name, { roots });
  return { task: bareTask(environment), environment };
}

const rethrown: ToldOfMistakes = (_, error) => {
  throw error;
};

const unlessMissing = <T>(find: () => T) => unlessFailed(find, { code: 'not-found' });
