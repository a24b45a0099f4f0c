import * as zod from 'zod';
import { messageOf, ProctorError } from '../errors.ts';
import { compiledModules, importModule } from '../sandbox/import-module.ts';
import { badFile } from '../schema/author-file.ts';

/** What a module of a project exports by default. Throws `bad-file` where it can't be loaded. */
export async function loadModule(path: string): Promise<unknown> {
  try {
    const options = { cacheDir: compiledModules(), anew: true as const };
    return await importModule(path, { ...options, given: { zod, proctor: { ProctorError } } });
  } catch (cause) {
    throw badFile(path, `cannot be loaded: ${messageOf(cause)}`, { cause });
  }
}

/** Throws `bad-file` where two things of a list in `proctor.config.ts` have the same id. */
export function requireOwnIds(file: string, key: string, all: readonly { id: string }[]): void {
  const twice = all.find((one, at) => all.findIndex(({ id }) => id === one.id) !== at);
  if (twice) throw badFile(file, `${key}: "${twice.id}" is there twice`);
}
