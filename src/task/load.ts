import { basename, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { ProctorError } from '../errors.ts';
import type { ImageSource } from '../sandbox/sandbox.ts';
import { readAuthorFile, readAuthorFileIfPresent, readText, shown } from '../schema/author-file.ts';
import { folderDigest, isFile, isFolder, readFolder } from '../schema/author-folder.ts';
import { type HarborTask, harborTask } from '../schema/harbor-task.ts';
import { script, type TaskAdditions, taskAdditions, taskPolicy } from '../schema/task.ts';
import type { Task } from './task.ts';

/**
 * Reads and validates a task folder. Throws `bad-file` or `unsupported` with the file and what was expected.
 * `name` is what `findTasks` gives it; by default the path below the nearest folder called `tasks`, else the folder's name.
 */
export function loadTask(dir: string, name: string = defaultName(resolve(dir))): Task {
  const root = resolve(dir);
  if (!isFolder(root)) throw new ProctorError('not-found', `${shown(root)}: expected a task folder`);
  const harbor = readAuthorFile(join(root, 'task.toml'), harborTask);
  refuseUnsupported(root, harbor);
  const additions =
    readAuthorFileIfPresent(join(root, 'proctor.toml'), taskAdditions) ?? taskAdditions.parse({});
  const reference = readAuthorFileIfPresent(join(root, 'reference.json'), script);
  const seed = readAuthorFileIfPresent(join(root, 'seed.json'), z.json());
  const image = imageOf(root, harbor);
  const task: Task = {
    name,
    dir: root,
    digest: folderDigest(root),
    instruction: readInstruction(root),
    tags: harbor.metadata.tags,
    harbor,
    additions,
    policy: readAuthorFileIfPresent(join(root, 'policy.toml'), taskPolicy) ?? taskPolicy.parse({}),
    files: image?.kind === 'build' ? [] : readFolder(join(root, 'environment')),
    tests: readFolder(join(root, 'tests')),
    solution: readFolder(join(root, 'solution')),
    ...(harbor.metadata.difficulty === undefined ? {} : { difficulty: harbor.metadata.difficulty }),
    ...(reference && { reference }),
    ...(seed !== undefined && { seed }),
    ...(image && { image }),
  };
  demandParts(task, additions);
  return task;
}

/** Whether a folder is meant as a task. */
export function isTaskFolder(dir: string): boolean {
  return ['task.toml', 'proctor.toml', 'instruction.md'].some((file) => isFile(join(dir, file)));
}

function defaultName(root: string): string {
  const parts = root.split(sep);
  const below = parts.slice(parts.lastIndexOf('tasks') + 1);
  return parts.includes('tasks') && below.length > 0 ? below.join('/') : basename(root);
}

function readInstruction(root: string): string {
  const file = join(root, 'instruction.md');
  const text = readText(file).trim();
  if (text === '')
    throw new ProctorError('bad-file', `${shown(file)}: is empty; expected the instruction for the agent`);
  return text;
}

function refuseUnsupported(root: string, harbor: HarborTask): void {
  if (harbor.steps) {
    throw new ProctorError(
      'unsupported',
      `${shown(join(root, 'task.toml'))}: steps: tasks of several phases cannot be run yet`,
    );
  }
  const compose = join(root, 'environment', 'docker-compose.yaml');
  if (isFile(compose)) {
    throw new ProctorError(
      'unsupported',
      `${shown(compose)}: environments of several containers cannot be run yet`,
    );
  }
}

function imageOf(root: string, harbor: HarborTask): ImageSource | undefined {
  const context = join(root, 'environment');
  if (isFile(join(context, 'Dockerfile'))) return { kind: 'build', context, dockerfile: 'Dockerfile' };
  const reference = harbor.environment.docker_image;
  return reference ? { kind: 'reference', reference } : undefined;
}

function demandParts(task: Task, additions: TaskAdditions): void {
  if (additions.verify.by === 'script' && !task.tests.some((file) => file.path === 'test.sh')) {
    const file = shown(join(task.dir, 'tests', 'test.sh'));
    throw new ProctorError(
      'bad-file',
      `${file}: missing file; verify.by = "script" needs it to write the reward`,
    );
  }
  if (additions.environment === undefined && !task.image) {
    const folder = shown(task.dir);
    throw new ProctorError(
      'bad-file',
      `${folder}: no environment; expected environment = "NAME" in proctor.toml, environment/Dockerfile, or environment.docker_image in task.toml`,
    );
  }
}

/** The name of a task at `dir` that was found through the suite at `suite`. */
export function nameInSuite(suite: string, dir: string): string {
  const absolute = resolve(dir);
  if (absolute.split(sep).includes('tasks')) return defaultName(absolute);
  return [basename(resolve(suite)), ...relative(suite, dir).split(sep)].join('/');
}
