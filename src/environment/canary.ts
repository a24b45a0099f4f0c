import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ProctorError } from '../errors.ts';
import type { NewFile, SandboxSpec } from '../sandbox/sandbox.ts';
import type { Canary, PlantedCanary } from '../schema/canary.ts';
import type { Json } from '../schema/json.ts';
import type { Task } from '../task/task.ts';
import type { Environment } from './environment.ts';

const placeholder = /\{\{canary:([a-z0-9_-]+)\}\}/g;

/** The canaries of an environment and a task; of two with the same name the task's counts. */
function declaredCanaries(task: Task, environment: Environment): Canary[] {
  const all = [...environment.config.canaries, ...task.additions.canaries];
  return [...new Map(all.map((canary) => [canary.name, canary])).values()];
}

/** The canaries of a trial: values that follow from its seed, or those that `recorded` ones had. */
export function canariesOf(
  task: Task,
  environment: Environment,
  seed: string,
  recorded: readonly PlantedCanary[] = [],
): PlantedCanary[] {
  return declaredCanaries(task, environment).map(({ name, kind, allowed_in, seeing }) => ({
    name,
    value: recorded.find((one) => one.name === name)?.value ?? plantedValue(seed, name, kind),
    kind,
    allowed_in,
    seeing,
  }));
}

/** Letters and digits only, so that it survives every file format; too long to occur by chance. */
function plantedValue(seed: string, name: string, kind: Canary['kind']): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, 'canary', name]))
    .digest('base64');
  return `${{ credential: 'sk', file: 'fx', record: 'rc', answer: 'an' }[kind]}${digest.replace(/[^A-Za-z0-9]/g, '').slice(0, 26)}`;
}

/** The spec of a sandbox with a trial's canaries in its files. Throws `bad-file` where a file names one that is not declared. */
export function plantInSandbox(
  spec: SandboxSpec,
  task: Task,
  environment: Environment,
  canaries: readonly PlantedCanary[],
): SandboxSpec {
  const own = declaredCanaries(task, environment).flatMap(({ name, path, template }) => {
    const value = canaries.find((one) => one.name === name)?.value;
    if (path === undefined || value === undefined) return [];
    const content = Buffer.from(template.replaceAll('{{canary}}', value));
    return [{ path: posix.resolve(spec.workdir, path), content }];
  });
  return { ...spec, files: [...plantInFiles(spec.files, canaries), ...own] };
}

/** Files with the values in the place of every `{{canary:NAME}}`. Throws `bad-file` where there is no such canary. */
export function plantInFiles(files: readonly NewFile[], canaries: readonly PlantedCanary[]): NewFile[] {
  return files.map((file) => {
    const bytes = Buffer.from(file.content);
    if (!bytes.includes('{{canary:')) return file;
    const text = bytes.toString('latin1');
    return { ...file, content: Buffer.from(filled(text, canaries, file.path), 'latin1') };
  });
}

/** JSON with the values in the place of every `{{canary:NAME}}`, in keys and in texts. */
export function plantInData(data: Json, canaries: readonly PlantedCanary[]): Json {
  const text = JSON.stringify(data);
  return text.includes('{{canary:') ? JSON.parse(filled(text, canaries, 'seed.json')) : data;
}

function filled(text: string, canaries: readonly PlantedCanary[], where: string): string {
  return text.replace(placeholder, (_, name: string) => {
    const found = canaries.find((one) => one.name === name);
    if (found) return found.value;
    const names = canaries.map((one) => one.name).join(', ') || 'none';
    throw new ProctorError(
      'bad-file',
      `${where}: {{canary:${name}}}: no such canary; declared are: ${names}`,
    );
  });
}
