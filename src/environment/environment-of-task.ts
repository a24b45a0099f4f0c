import { join } from 'node:path';
import { badFile, displayPath } from '../schema/author-file.ts';
import { placesIn } from '../schema/contract.ts';
import type { Task } from '../task/task.ts';
import { builtInEnvironment } from './built-in.ts';
import { canariesOf, plantInData, plantInFiles } from './canary.ts';
import { compileCheck } from './check.ts';
import { recordSourcesOf } from './contract.ts';
import type { Environment } from './environment.ts';
import { loadEnvironment } from './load.ts';
import { seedData } from './sandbox-spec.ts';

/**
 * The environment a task names, or the built-in one where it brings its own image. Throws `not-found` or `bad-file`, also
 * where the task asks of the environment what it has not got, or where one of its checks does not compile.
 */
export function environmentOf(task: Task, options: { roots?: readonly string[] } = {}): Environment {
  const { environment: name } = task.additions;
  const environment = name === undefined ? builtInEnvironment(task) : loadEnvironment(name, options);
  const file = join(task.dir, 'proctor.toml');
  requireState(task, environment, file);
  requireSandbox(task, environment, file);
  requireRecords(task, environment, file);
  requireCanaries(task, environment);
  for (const [where, check] of checksOf(task)) compileCheck(check, `${displayPath(file)}: ${where}`);
  return environment;
}

/** Every CEL expression of a task's milestones and verification, with its key path. */
function checksOf(task: Task): [where: string, check: string][] {
  const { milestones, verify } = task.additions;
  const must = verify.by === 'state' ? verify.must : [];
  return [
    ...milestones.flatMap(({ check }, index): [string, string][] =>
      check === undefined ? [] : [[`milestones[${index}].check`, check]],
    ),
    ...must.map(({ check }, index): [string, string] => [`verify.must[${index}].check`, check]),
  ];
}

/** Every placeholder of a canary names one that is declared. */
function requireCanaries(task: Task, environment: Environment): void {
  const canaries = canariesOf(task, environment, '');
  plantInFiles([...task.files, ...task.tests], canaries);
  plantInData(seedData(environment, task), canaries);
}

function requireState(task: Task, environment: Environment, file: string): void {
  const asks = checksOf(task)[0]?.[0];
  if (asks === undefined || environment.config.state) return;
  throw badFile(file, `${asks}: environment "${environment.name}" declares no state`);
}

/** Records are read of files that are watched. */
function requireRecords(task: Task, environment: Environment, file: string): void {
  const { state } = environment.config;
  const watched = state && 'paths' in state ? state.paths : [];
  const records = recordSourcesOf(task, environment);
  const stray = records.find(
    ({ path }) =>
      !watched.some((folder) => path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`)),
  );
  if (stray === undefined) return;
  const named = placesIn(task.additions.contract).find(([, place]) => place.startsWith(`${stray.path}#`));
  const below = watched.join(', ') || 'none';
  throw badFile(
    file,
    `${named?.[0] ?? 'records'}: ${stray.path}: expected a file below the paths of the state (${below})`,
  );
}

function requireSandbox(task: Task, environment: Environment, file: string): void {
  if (task.image || environment.image) return;
  const { milestones, verify } = task.additions;
  const command = milestones.findIndex((milestone) => milestone.command !== undefined);
  const asks =
    command >= 0 ? `milestones[${command}].command` : verify.by === 'script' ? 'verify.by' : undefined;
  if (asks === undefined) return;
  throw badFile(file, `${asks}: environment "${environment.name}" has no sandbox`);
}
