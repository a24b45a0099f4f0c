import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ProctorError } from '../errors.ts';
import type { NewFile } from '../sandbox/sandbox.ts';
import type { Canary, PlantedCanary } from '../schema/canary.ts';
import type { Json } from '../schema/json.ts';

const placeholder = /\{\{canary:([a-z0-9_-]+)\}\}/g;

/** The canaries of a trial: values that follow from its seed, or those that `recorded` ones had. */
export function canariesOf(
  declared: readonly Canary[],
  seed: string,
  recorded: readonly PlantedCanary[] = [],
): PlantedCanary[] {
  return declared.map(({ name, kind, allowed_in, seeing }) => ({
    name,
    value: recorded.find((one) => one.name === name)?.value ?? valueOf(seed, name, kind),
    kind,
    allowed_in,
    seeing,
  }));
}

/** Letters and digits alone, so that it survives every file format; long enough to stand nowhere by chance. */
function valueOf(seed: string, name: string, kind: Canary['kind']): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, 'canary', name]))
    .digest('base64');
  return `${{ credential: 'sk', file: 'fx', record: 'rc' }[kind]}${digest.replace(/[^A-Za-z0-9]/g, '').slice(0, 26)}`;
}

/** The files that canaries make, in the sandbox's `workdir`. */
export function canaryFiles(
  declared: readonly Canary[],
  planted: readonly PlantedCanary[],
  workdir: string,
): NewFile[] {
  return declared.flatMap(({ name, path, template }) => {
    const value = planted.find((one) => one.name === name)?.value;
    if (path === undefined || value === undefined) return [];
    const content = Buffer.from(template.replaceAll('{{canary}}', value));
    return [{ path: posix.resolve(workdir, path), content }];
  });
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
      `${where}: {{canary:${name}}}: there is no such canary; declared are: ${names}`,
    );
  });
}
