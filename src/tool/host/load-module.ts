import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import * as zod from 'zod';
import { messageOf, ProctorError } from '../../errors.ts';
import type { HostModule } from '../host-server.ts';

const jiti = createJiti(import.meta.url, { fsCache: false, virtualModules: { zod } });

/**
 * The default export of a TypeScript or JavaScript module. Modules need no packages of their own for `zod`. A module is loaded
 * once per process, so its state belongs into what its default export makes. Throws `bad-file`.
 */
export async function loadModule(dir: string, module: string): Promise<HostModule> {
  const path = resolve(dir, module);
  let found: unknown;
  try {
    found = await jiti.import(path, { default: true });
  } catch (error) {
    throw new ProctorError('bad-file', `${path}: cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
  if (typeof found === 'function') return found as HostModule;
  throw new ProctorError(
    'bad-file',
    `${path}: expected a default export that is a function of its context, got ${typeof found}.`,
  );
}
