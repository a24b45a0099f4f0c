import { posix } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { badFile } from '../../schema/author-file.ts';
import type { AuthorFile } from '../../schema/author-folder.ts';
import type { Generated } from '../../schema/instance.ts';
import type { JsonObject } from '../../schema/json.ts';
import { isOfGenerator } from '../generator-file.ts';
import { withWords } from '../words.ts';

/** The files of an instance: those that are published, with what the generator changes. Throws `bad-file`; `where` names the generator. */
export function filled(published: readonly AuthorFile[], instance: Generated, where: string): AuthorFile[] {
  const given = givenFiles(instance, where);
  const template = published.filter(({ path }) => !isOfGenerator(path) && !given.has(path));
  const { files, missing } = withWords(template, instance.words);
  if (missing.length > 0)
    throw badFile(where, `words: "${missing[0]}" stands in no file of the task that it takes over`);
  const modes = new Map(published.map(({ path, mode }) => [path, mode]));
  const added = [...given].flatMap(([path, content]) =>
    content === null ? [] : [{ path, content, mode: modes.get(path) ?? modeOf(path) }],
  );
  return [...files, ...added];
}

/** `proctor.toml` with some keys in the place of its own. A task that has none is from elsewhere, and stays open as such. */
export function withSettings(files: readonly AuthorFile[], settings: JsonObject): AuthorFile[] {
  const path = 'proctor.toml';
  const own = files.find((file) => file.path === path);
  const before = own ? parse(own.content.toString('utf8')) : { isolation: 'compatible' };
  const content = Buffer.from(`${stringify({ ...before, ...settings })}\n`);
  return [...files.filter((file) => file !== own), { path, content, mode: own?.mode ?? 0o644 }];
}

function givenFiles(instance: Generated, where: string): Map<string, Buffer | null> {
  const { files, seed, reference, agents } = instance;
  const given = new Map<string, Buffer | null>();
  for (const [path, content] of Object.entries(files)) {
    if (posix.isAbsolute(path) || posix.normalize(path) !== path || path.startsWith('..'))
      throw badFile(
        where,
        `files: "${path}": expected a path below the task's folder, such as environment/notes.txt`,
      );
    given.set(path, content === null ? null : Buffer.from(content));
  }
  if (seed !== undefined) given.set('seed.json', jsonFile(seed));
  if (reference) given.set('reference.json', jsonFile(reference));
  for (const [name, script] of Object.entries(agents)) given.set(`agents/${name}.json`, jsonFile(script));
  return given;
}

export const jsonFile = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

const modeOf = (path: string) => (path.endsWith('.sh') ? 0o755 : 0o644);
