import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../environment/environment.ts';
import { ProctorError } from '../errors.ts';
import { displayPath } from '../schema/author-file.ts';
import { isFolder, packageRoot, readFolder, writeFolder } from '../schema/author-folder.ts';

export type ToolPlacement = 'host' | 'sandbox';

const template = join(packageRoot, 'environments', '_template');
const shownName = /^[a-z0-9][a-z0-9_-]*$/;

/** Writes an environment of the template; gives the files. Throws `bad-flag` where the name will not do or is taken. */
export function newEnvironment(
  dir: string,
  options: { name: string; tools: ToolPlacement; image?: string },
): string[] {
  const { name, tools, image } = options;
  requireName(name);
  return writeTemplate(tools, dir, {
    name,
    image: image ?? 'debian:bookworm-slim',
    sandbox: image === undefined ? '' : `${imageLine(image)}\nbuiltin = ["bash"]\n`,
  });
}

/** A folder of sandbox-images/ goes by its name, whatever else is a reference. */
export function imageLine(image: string): string {
  const folders = ['.', packageRoot].map((root) => join(root, 'sandbox-images', image));
  return folders.some(isFolder) ? `image = "${image}"` : `docker_image = "${image}"`;
}

/** Writes a task that fits the environment, or one with a generator; gives the files. Throws `bad-flag` where the name will not do or is taken. */
export function newTask(
  dir: string,
  name: string,
  environment: Environment,
  { generated = false } = {},
): string[] {
  for (const part of name.split('/')) requireName(part);
  const kind = generated ? join('generated', generalKind(environment)) : kindOf(environment);
  return writeTemplate(join('task', kind), dir, { name, environment: environment.name });
}

type TaskKind = 'host' | 'sandbox' | 'shell' | 'answer';

/** The template's own environments have their tasks; others get one that needs no tool of theirs. */
function kindOf({ config }: Environment): TaskKind {
  const [server] = config.servers;
  if (server?.name === 'stock' && 'take_item' in config.tools)
    return server.placement === 'host' ? 'host' : 'sandbox';
  return generalKind({ config });
}

/** Of an environment whose own tools are not known. */
const generalKind = ({ config }: Pick<Environment, 'config'>) =>
  config.builtin.includes('bash') ? 'shell' : 'answer';

/** Writes a folder of the template with values for its `{{…}}`; gives the files. Throws `bad-flag` where `to` is taken. */
export function writeTemplate(kind: string, to: string, values: Record<string, string>): string[] {
  requireNew(to);
  const filled = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (whole, key) => values[key] ?? whole);
  const files = readFolder(join(template, kind));
  return writeFolder(
    to,
    files.map((file) => ({ ...file, content: Buffer.from(filled(file.content.toString())) })),
  );
}

export function requireNew(dir: string): void {
  if (existsSync(dir))
    throw new ProctorError('bad-flag', `${displayPath(dir)} is there already; choose another`);
}

export function requireName(name: string): void {
  if (shownName.test(name)) return;
  throw new ProctorError('bad-flag', `name "${name}": expected lower case letters, digits, - and _`);
}
