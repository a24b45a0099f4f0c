import { basename, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { ProctorError } from '../errors.ts';
import type { ImageSource } from '../sandbox/sandbox.ts';
import {
  badFile,
  displayPath,
  readAuthorFile,
  readAuthorFileIfPresent,
  readForeignFile,
} from '../schema/author-file.ts';
import { digestOf, isFile, isFolder, readFolder } from '../schema/author-folder.ts';
import { type HarborTask, harborTask } from '../schema/harbor-task.ts';
import { instanceFile } from '../schema/instance.ts';
import { readPolicyFileIfPresent } from '../schema/policy-file.ts';
import { script, taskAdditions } from '../schema/task.ts';
import { type Composed, readCompose } from './compose/read.ts';
import { requireServices } from './compose/service-name.ts';
import { isGenerated, isOfGenerator } from './generator-file.ts';
import { refusals } from './harbor/field-table.ts';
import { loadPhases } from './load-phase.ts';
import type { Task } from './task.ts';

/**
 * Reads and validates a task folder. Throws `bad-file` or `unsupported` with the file and what was expected.
 * `name` is what `findTasks` gives it; by default the path below the nearest folder called `tasks`, else the folder's name.
 */
export function loadTask(dir: string, name: string = defaultName(resolve(dir))): Task {
  const root = resolve(dir);
  if (!isFolder(root)) throw new ProctorError('not-found', `${displayPath(root)}: expected a task folder`);
  const additions =
    readAuthorFileIfPresent(join(root, 'proctor.toml'), taskAdditions) ??
    taskAdditions.parse({ isolation: 'compatible' });
  const isOwn = isFile(join(root, 'proctor.toml'));
  const { harbor, composed, leftOut } = readHarbor(root, additions.isolation === 'compatible', !isOwn);
  const { services } = composed;
  refuseUnsupported(root, harbor);
  requireServices(root, harbor, additions, services);
  const reference = readAuthorFileIfPresent(join(root, 'reference.json'), script);
  const seed = readAuthorFileIfPresent(join(root, 'seed.json'), z.json());
  const instance = readAuthorFileIfPresent(join(root, 'instance.json'), instanceFile);
  const image = imageOf(root, harbor, composed);
  const phases = loadPhases(root, harbor, additions, services !== undefined);
  const [{ instruction, verify }] = phases;
  const task: Task = {
    name,
    dir: root,
    digest: digestOf(readFolder(root).filter(({ path }) => !isOfGenerator(path))),
    instruction,
    phases,
    tags: [...new Set([...harbor.metadata.tags, ...(harbor.task?.keywords ?? [])])],
    harbor,
    leftOut,
    additions: { ...additions, ...clusterWith(name, root, additions), verify },
    policy: readPolicyFileIfPresent(join(root, 'policy.toml')),
    files: image?.kind === 'build' || services ? [] : readFolder(join(root, 'environment')),
    tests: phases.flatMap((phase) => phase.tests),
    solution: phases.flatMap((phase) => phase.solution),
    ...(harbor.metadata.difficulty === undefined ? {} : { difficulty: harbor.metadata.difficulty }),
    ...(reference && { reference }),
    ...(seed !== undefined && { seed }),
    ...(instance && { instance }),
    ...(image && { image }),
    ...(services && { services }),
  };
  requireParts(task);
  return task;
}

/** What is published of a generated task is no try of its own beside instances of it. */
const clusterWith = (name: string, root: string, { cluster }: Pick<Task['additions'], 'cluster'>) =>
  cluster === undefined && isGenerated(root) ? { cluster: { template: name } } : {};

/** Whether a folder is meant as a task. */
export function isTaskFolder(dir: string): boolean {
  return ['task.toml', 'proctor.toml', 'instruction.md'].some((file) => isFile(join(dir, file)));
}

function defaultName(root: string): string {
  const parts = root.split(sep);
  const below = parts.slice(parts.lastIndexOf('tasks') + 1);
  return parts.includes('tasks') && below.length > 0 ? below.join('/') : basename(root);
}

/** task.toml with what its compose file adds. A task from elsewhere may have keys that are not known here; in ours they are mistakes. */
function readHarbor(root: string, foreign: boolean, isHarbors: boolean) {
  const file = join(root, 'task.toml');
  const { data, unknown } = foreign
    ? readForeignFile(file, harborTask)
    : { data: readAuthorFile(file, harborTask), unknown: [] };
  const composed = readCompose(join(root, 'environment'), data.environment, isHarbors);
  const trajectory = join(root, 'trajectory.json');
  return {
    harbor: withCompose(data, composed),
    composed,
    leftOut: [
      ...unknown.map((path) => `${displayPath(file)}: ${path}: unknown key; it is not heeded`),
      ...composed.leftOut,
      ...(isFile(trajectory)
        ? [`${displayPath(trajectory)}: is not played; the oracle plays reference.json or solution/solve.sh`]
        : []),
    ],
  };
}

/** What task.toml says is preferred to what the compose file says of `main`. */
function withCompose(harbor: HarborTask, { main }: Composed): HarborTask {
  const { agent, environment } = harbor;
  const { env, user, workdir, cpus, memory_mb, healthcheck } = main;
  return {
    ...harbor,
    agent: { ...agent, user: agent.user ?? user },
    environment: {
      ...environment,
      env: { ...env, ...environment.env },
      workdir: environment.workdir ?? workdir,
      cpus: environment.cpus ?? cpus,
      memory_mb: environment.memory_mb ?? (environment.memory ? undefined : memory_mb),
      healthcheck: environment.healthcheck ?? healthcheck,
    },
  };
}

function refuseUnsupported(root: string, harbor: HarborTask): void {
  const refused = refusals(harbor);
  if (refused.length === 0) return;
  throw new ProctorError('unsupported', `${displayPath(join(root, 'task.toml'))}: ${refused.join('; ')}`);
}

/** A published image is preferred to the Dockerfile beside it, which is built where that image cannot be pulled. */
function imageOf(root: string, harbor: HarborTask, { main }: Composed): ImageSource | undefined {
  const context = join(root, 'environment');
  const { docker_image: reference, build_timeout_sec: timeoutSec } = harbor.environment;
  const prebuilt = reference && { prebuilt: reference };
  if (main.image?.kind === 'build') return { ...main.image, timeoutSec, ...prebuilt };
  if (isFile(join(context, 'Dockerfile'))) return { kind: 'build', context, timeoutSec, ...prebuilt };
  return reference ? { kind: 'reference', reference } : main.image;
}

function requireParts(task: Task): void {
  const { additions } = task;
  for (const { name, verify, verifierEnvironment, tests } of task.phases) {
    if (verify.by !== 'script' || verifierEnvironment || tests.some((file) => file.path === 'test.sh'))
      continue;
    const dir = join(task.dir, ...(name === undefined ? [] : ['steps', name]));
    throw badFile(
      join(dir, 'tests', 'test.sh'),
      `missing file; verify.by = "script" needs it to write the reward`,
    );
  }
  if (additions.environment === undefined && !task.image) {
    throw badFile(
      task.dir,
      `no environment; expected environment = "NAME" in proctor.toml, environment/Dockerfile, or environment.docker_image in task.toml`,
    );
  }
}

/** The name of a task at `dir` that was found through the suite at `suite`. */
export function nameInSuite(suite: string, dir: string): string {
  const absolute = resolve(dir);
  if (absolute.split(sep).includes('tasks')) return defaultName(absolute);
  return [basename(resolve(suite)), ...relative(suite, dir).split(sep)].join('/');
}
