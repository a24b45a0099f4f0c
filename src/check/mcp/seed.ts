import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProctorError } from '../../errors.ts';
import { isFolder } from '../../schema/author-folder.ts';
import { archiveOf } from './archive.ts';

/** Data that is in a server's folder before the server starts. */
export interface Seed {
  /** A folder of the author's. */
  from: string;
  /** Where its content goes in the sandbox. */
  to: string;
  /** What stands for it in the build context. */
  source: 'seed/' | 'seed.tgz';
}

/** Reads `DIR` or `DIR:/folder`; without a folder its content goes to the first of the server's. Throws `bad-flag`. */
export function readSeed(text: string, folders: readonly string[]): Seed {
  const [, from = '', to = folders[0] ?? '/'] = /^(.+?)(?::(\/[\w./-]+?))?\/*$/.exec(text) ?? [];
  if (!isFolder(from))
    throw new ProctorError(
      'bad-flag',
      `--seed: expected a folder, or FOLDER:/folder-in-the-sandbox; there is no folder ${from || text}`,
    );
  const repository = readdirSync(from, { recursive: true, withFileTypes: true }).some(
    ({ name }) => name === '.git',
  );
  return { from, to, source: repository ? 'seed.tgz' : 'seed/' };
}

/** Puts the data into a build context: as a folder, or packed where git would take it for a repository in a repository. */
export async function writeSeed(dir: string, { from, source }: Seed): Promise<string> {
  const file = join(dir, source.replace('/', ''));
  if (source === 'seed/') cpSync(from, file, { recursive: true, verbatimSymlinks: true });
  else writeFileSync(file, await archiveOf(from, '.'));
  return file;
}
