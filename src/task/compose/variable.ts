import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { badFile, readTextIfPresent } from '../../schema/author-file.ts';
import type { ComposeService } from '../../schema/compose.ts';
import type { HarborEnvironment } from '../../schema/harbor-task.ts';
import { megabytes } from '../harbor/field-value.ts';
import type { Lookup } from './interpolate.ts';
import { pathInside, type Reading } from './reading.ts';

/** Stands before the paths that Harbor would mount from its own machine, which the sandbox has folders of its own for. */
export const harborMount = '/.harbor-logs';

/** What Harbor sets for a compose file of a task. */
function harborVariables(
  folder: string,
  { cpus, memory_mb, memory }: HarborEnvironment,
): Record<string, string> {
  const logs = { VERIFIER_LOGS: 'verifier', AGENT_LOGS: 'agent', ARTIFACTS: 'artifacts' };
  return {
    CONTEXT_DIR: folder,
    MAIN_IMAGE_NAME: 'main',
    PREBUILT_IMAGE_NAME: 'main',
    MAIN_CONTAINER_NAME: 'main',
    COMPOSE_PROJECT_NAME: 'trial',
    TEST_DIR: '/tests',
    CPUS: String(cpus ?? 1),
    MEMORY: `${memory_mb ?? megabytes(memory) ?? 2048}M`,
    ...Object.fromEntries(
      Object.entries(logs).flatMap(([name, path]) => [
        [`HOST_${name}_PATH`, `${harborMount}/${path}`],
        [`ENV_${name}_PATH`, `/logs/${path}`],
      ]),
    ),
  };
}

/** Variables as compose finds them: those that Harbor sets, else Proctor's own environment, else the file `.env` beside it. */
export function variablesFor(folder: string, environment: HarborEnvironment): Lookup {
  const harbor = harborVariables(folder, environment);
  const beside = parseEnv(readTextIfPresent(join(folder, '.env')) ?? '');
  return (name) => harbor[name] ?? process.env[name] ?? beside[name];
}

/** Pairs of a list of `NAME=value` or a map; null where there is no value. */
export function pairsOf(
  given: ComposeService['environment'] | undefined,
): [name: string, value: string | null][] {
  if (!given) return [];
  if (!Array.isArray(given))
    return Object.entries(given).map(([name, value]) => [name, value === null ? null : String(value)]);
  return given.map((line) => {
    const [name = '', ...value] = line.split('=');
    return [name, line.includes('=') ? value.join('=') : null];
  });
}

/** Pairs with those that have no value taken from elsewhere, where they are set there. */
export const filledIn = (
  given: ComposeService['environment'] | undefined,
  lookup: Lookup,
): Record<string, string> =>
  Object.fromEntries(
    pairsOf(given).flatMap(([name, value]) => {
      const text = value ?? lookup(name);
      return text === undefined ? [] : [[name, text]];
    }),
  );

/** The variables of a service: of its files, then its own. */
export function environmentOf(
  reading: Reading,
  name: string,
  service: ComposeService,
): Record<string, string> {
  const files = (service.env_file ?? []).map((one) =>
    typeof one === 'string' ? { path: one, required: true } : one,
  );
  const fromFiles = files.map(({ path, required }, index) => {
    const where = `services.${name}.env_file[${index}]`;
    const full = pathInside(reading, path);
    const text = full === undefined ? undefined : readTextIfPresent(full);
    if (full === undefined) reading.refusals.push(`${where}: ${path} is not below environment/`);
    else if (text === undefined && required) throw badFile(reading.file, `${where}: no file ${path}`);
    return parseEnv(text ?? '') as Record<string, string>;
  });
  return Object.assign({}, ...fromFiles, filledIn(service.environment, reading.lookup));
}
