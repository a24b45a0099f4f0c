import * as zod from 'zod';
import { messageOf, ProctorError } from '../../errors.ts';
import { importModule } from '../../sandbox/import-module.ts';
import { defineTool, type HostModule, type HostServer } from '../host-server.ts';

/** What `import … from 'proctor'` gives a host module, wherever it lies; the rest of the package's exports are types. */
const proctor = { defineTool, ProctorError };

/**
 * The default export of a TypeScript or JavaScript module. Modules need no packages of their own for `proctor` and `zod`. A module
 * is loaded once per thread, so its state belongs into what its default export makes. Throws `bad-file`.
 */
export async function loadModule(path: string, cacheDir?: string): Promise<HostModule> {
  let found: unknown;
  try {
    found = await importModule(path, { cacheDir, given: { zod, proctor } });
  } catch (error) {
    throw new ProctorError('bad-file', `${path}: cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
  if (typeof found === 'function') return found as HostModule;
  throw new ProctorError(
    'bad-file',
    `${path}: expected a default export that is a function of its context, got ${typeof found}.`,
  );
}

const hostFunction = zod.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'expected a function',
});

const hostObject = zod.custom<object>((value) => typeof value === 'object' && value !== null, {
  error: 'expected a JSON Schema or a zod object',
});

const hostServer = zod.object({
  tools: zod
    .array(
      zod.object({
        name: zod.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected up to 64 letters, digits, _ or -'),
        description: zod.string().min(1),
        input: hostObject,
        annotations: zod.record(zod.string(), zod.unknown()).optional(),
        call: hostFunction,
      }),
    )
    .refine(
      (tools) => new Set(tools.map(({ name }) => name)).size === tools.length,
      'two tools have one name',
    ),
  state: hostFunction.optional(),
  close: hostFunction.optional(),
});

/** Checks what a module's default export returned. Throws `bad-file` with the path of what is wrong. */
export function checkServer(returned: unknown, path: string): HostServer {
  const checked = hostServer.safeParse(returned);
  if (checked.success) return returned as HostServer;
  const [issue] = checked.error.issues;
  const where = zod.core.toDotPath(issue?.path ?? []) || 'what the default export returns';
  throw new ProctorError('bad-file', `${path}: ${where}: ${issue?.message}`);
}
