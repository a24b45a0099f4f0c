import { resolve } from 'node:path';
import * as zod from 'zod';
import { z } from 'zod';
import { messageOf, ProctorError } from '../errors.ts';
import { dockerProvider } from '../sandbox/docker/provider.ts';
import { embeddedProvider } from '../sandbox/embedded/provider.ts';
import { compiledModules, importModule } from '../sandbox/import-module.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { badFile, displayPath, validate } from '../schema/author-file.ts';
import { isFile } from '../schema/author-folder.ts';
import { didYouMean } from '../schema/nearest.ts';

/** What a provider is made for. */
export interface SandboxRun {
  /** Id of the run, which sandboxes are labelled with. */
  runId: string;
  /** How many sandboxes may be wanted at the same time; 0 where nobody knows. */
  poolSize: number;
}

/** What a module with a sandbox provider exports by default: the provider, or a function that makes one for a run. */
export type SandboxModule =
  | SandboxProvider
  | ((run: SandboxRun) => SandboxProvider | Promise<SandboxProvider>);

const shipped = ['auto', 'docker', 'embedded'];

/** Whether a project may give a provider that name. */
export const isProviderName = (name: unknown) =>
  typeof name === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(name) && ![...shipped, 'none'].includes(name);

const method = z.custom((value) => typeof value === 'function', 'expected a function');
const providerShape = z.looseObject({
  name: z.custom(
    isProviderName,
    'expected a name of lower-case letters, digits and dashes that no provider has yet',
  ),
  capabilities: z.instanceof(Set, { error: 'expected a Set' }),
  prepare: method,
  open: method,
  reap: method,
  close: method,
});

let own: ReadonlyMap<string, string> = new Map();

/** Takes the providers of a project in for the whole process, name → module, in the place of those before. */
export function setOwnProviders(modules: ReadonlyMap<string, string>): void {
  own = modules;
}

/**
 * The provider of a module that is named by its path, or by the name that the project gives it.
 * Throws `bad-flag` where there is no such name, `not-found` or `bad-file` where there is no such module.
 */
export async function moduleProvider(choice: string, run: SandboxRun): Promise<SandboxProvider> {
  const named = own.get(choice);
  if (named === undefined && !/[/\\]|\.[cm]?[jt]s$/.test(choice)) {
    const names = [...shipped, ...own.keys()];
    throw new ProctorError(
      'bad-flag',
      `no sandbox provider is called "${choice}"; expected ${names.join(', ')}, or the path of a module${didYouMean(choice, names)}`,
    );
  }
  const path = named ?? resolve(choice);
  if (!isFile(path))
    throw new ProctorError('not-found', `sandbox ${choice}: there is no file ${displayPath(path)}`);
  const provider = await made(path, run);
  if (named !== undefined && provider.name !== choice)
    throw badFile(path, `name: expected "${choice}", as the project calls it, got "${provider.name}"`);
  return provider;
}

async function made(path: string, run: SandboxRun): Promise<SandboxProvider> {
  try {
    const proctor = { ProctorError, dockerProvider, embeddedProvider };
    const found = await importModule(path, { cacheDir: compiledModules(), given: { zod, proctor } });
    const provider: unknown = typeof found === 'function' ? await found(run) : found;
    validate(path, { ...(provider as object) }, providerShape);
    return provider as SandboxProvider;
  } catch (cause) {
    if (cause instanceof ProctorError) throw cause;
    throw badFile(path, `cannot be loaded: ${messageOf(cause)}`, { cause });
  }
}
