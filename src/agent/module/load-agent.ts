import * as zod from 'zod';
import { messageOf, ProctorError } from '../../errors.ts';
import { importModule } from '../../sandbox/import-module.ts';
import type { AgentFunction, AgentObject } from './agent-module.ts';

/** Where an agent module is, and how its user named it. */
export interface ModuleSource {
  /** Absolute. */
  path: string;
  /** Its default export when absent. */
  exported?: string | undefined;
  /** What errors call it, such as `agent ./my-agent.ts`. */
  name: string;
  /** Where compiled modules are kept. */
  cacheDir?: string | undefined;
}

/** What `import … from 'proctor'` gives an agent module, wherever it lies; the rest that it may import are types. */
const proctor = { ProctorError };

/** The agent that a module exports. Throws `bad-file`. */
export async function loadAgent({ path, exported, name, cacheDir }: ModuleSource): Promise<AgentObject> {
  let found: unknown;
  try {
    found = await importModule(path, { exported, cacheDir, given: { zod, proctor } });
  } catch (cause) {
    throw new ProctorError('bad-file', `${name}: cannot be loaded: ${messageOf(cause)}`, { cause });
  }
  if (typeof found === 'function') return ofFunction(found as AgentFunction);
  if (hasMethod(found, 'open')) return found as AgentObject;
  const what = exported === undefined ? 'a default export' : `an export "${exported}"`;
  const got = found === null ? 'null' : typeof found === 'object' ? 'an object without open' : typeof found;
  throw new ProctorError(
    'bad-file',
    `${name}: expected ${what} that is a function of the view or an agent with open(brief), got ${got}`,
  );
}

export const hasMethod = <K extends string>(value: unknown, method: K): value is Record<K, () => unknown> =>
  typeof value === 'object' && value !== null && typeof (value as Record<K, unknown>)[method] === 'function';

function ofFunction(decide: AgentFunction): AgentObject {
  return {
    open: ({ trial, seed, arguments: given }) => ({
      decide: async (view, options) => decide(view, { ...options, trial, seed, arguments: given }),
    }),
  };
}
