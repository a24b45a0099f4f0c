import { z } from 'zod';
import type { Probe } from '../orchestrator/own-probe.ts';
import { validate } from '../schema/author-file.ts';
import { loadModule, requireOwnIds } from './project-module.ts';

/** What a module with probes exports by default. */
export interface ProbeModule {
  /** Asked of every trial that is run, in this order; their ids are no other's. */
  probes: readonly Probe[];
}

const probe = z.looseObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'expected lower-case letters, digits and dashes'),
  what: z.string().min(1),
  ask: z.custom<(...given: never[]) => unknown>(
    (value) => typeof value === 'function',
    'expected a function',
  ),
});
const probeModule = z.strictObject({ probes: z.array(probe) });

/** The probes of the modules that `proctor.config.ts` names. Throws `bad-file` where one is no such module, or an id is there twice. */
export async function probesIn(file: string, paths: readonly string[]): Promise<Probe[]> {
  const modules = await Promise.all(
    paths.map(async (path) => validate(path, await loadModule(path), probeModule)),
  );
  const probes = modules.flatMap((one) => one.probes as unknown as Probe[]);
  requireOwnIds(file, 'probes', probes);
  return probes;
}
