import { join } from 'node:path';
import { parse } from 'yaml';
import { messageOf, ProctorError } from '../../errors.ts';
import type { ImageSource } from '../../sandbox/sandbox.ts';
import type { ServiceGroup } from '../../sandbox/service.ts';
import { badFile, displayPath, readTextIfPresent, validate } from '../../schema/author-file.ts';
import { type ComposeFile, type ComposeService, composeFile } from '../../schema/compose.ts';
import type { HarborEnvironment, HarborHealthcheck } from '../../schema/harbor-task.ts';
import { objectionsTo } from './field-table.ts';
import { interpolateAll, MissingVariable } from './interpolate.ts';
import { isStaying, mainCheck } from './main-service.ts';
import { inStartOrder } from './order.ts';
import type { Reading } from './reading.ts';
import { argvOf, imageOf, limitsOf, serviceSpec, settingsOf } from './service.ts';
import { environmentOf, variablesFor } from './variable.ts';

/** What a task's compose file says. */
export interface Composed {
  /** Of the service `main`, in which the agent works; what task.toml says of these is preferred. */
  main: {
    env: Record<string, string>;
    image?: ImageSource;
    user?: string;
    workdir?: string;
    cpus?: number;
    memory_mb?: number;
    healthcheck?: HarborHealthcheck;
  };
  /** The containers beside it; absent where `main` is alone and asks for nothing that they would. */
  services?: ServiceGroup;
  /** What is not honoured as it stands, one line each. */
  leftOut: string[];
}

const nothing: Composed = { main: { env: {} }, leftOut: [] };

/**
 * What the compose file of a task says; nothing where there is none. A task from elsewhere may have but `docker-compose.yaml`, as its format
 * says. Throws `bad-file`, and `unsupported` with every field that refuses it.
 */
export function readCompose(folder: string, environment: HarborEnvironment, foreign: boolean): Composed {
  const names = foreign ? ['docker-compose.yaml'] : ['compose.yaml', 'docker-compose.yaml'];
  for (const name of names) {
    const file = join(folder, name);
    const text = readTextIfPresent(file);
    if (text !== undefined) return compose(file, folder, text, environment);
  }
  return nothing;
}

function compose(file: string, folder: string, text: string, environment: HarborEnvironment): Composed {
  const lookup = variablesFor(folder, environment);
  const unset = new Set<string>();
  const reading: Reading = { file, folder, lookup, refusals: [], warnings: [] };
  const data = filled(file, parseYaml(file, text) ?? {}, lookup, unset);
  for (const { path, handling, why } of objectionsTo(data))
    (handling === 'refused' ? reading.refusals : reading.warnings).push(`${path}: ${why}`);
  for (const name of unset) reading.warnings.push(`the variable ${name} is not set; it is taken as empty`);
  if (reading.refusals.length > 0) throw refusal(reading);
  const read = validate(file, data, composeFile);
  const { main = {}, ...others } = read.services ?? {};
  const services = groupOf(reading, read, main as ComposeService, others);
  const ofMain = mainOf(reading, main as ComposeService);
  if (reading.refusals.length > 0) throw refusal(reading);
  return {
    main: ofMain,
    ...(services && { services }),
    leftOut: reading.warnings.map((line) => `${displayPath(file)}: ${line}`),
  };
}

const refusal = ({ file, refusals }: Reading) =>
  new ProctorError('unsupported', `${displayPath(file)}: ${[...new Set(refusals)].join('; ')}`);

function groupOf(
  reading: Reading,
  file: ComposeFile,
  main: ComposeService,
  others: Record<string, ComposeService>,
): ServiceGroup | undefined {
  const started = Object.entries(others).filter(([, { profiles }]) => !profiles?.length);
  const services = started.map(([name, service]) => serviceSpec(reading, file, name, service));
  const settings = settingsOf(reading, file, 'main', main);
  const program = [...(argvOf(main.entrypoint) ?? []), ...(argvOf(main.command) ?? [])];
  const runs = !isStaying(program);
  if (services.length === 0 && !runs && !asksFor(settings)) return undefined;
  const ordered = inStartOrder(services);
  if ('circle' in ordered) {
    reading.refusals.push(`services: ${ordered.circle.join(', ')} wait for each other, or for main`);
    return undefined;
  }
  const joined = new Set([...services, settings].flatMap(({ networks }) => networks.map(({ name }) => name)));
  return {
    services: ordered,
    main: { ...settings, ...(runs && { program }) },
    networks: [...joined].map((name) => ({ name, internal: file.networks?.[name]?.internal ?? false })),
  };
}

/** Whether `main` alone asks for more than any sandbox has. */
const asksFor = ({ networks, dependsOn, labels, ...rest }: ServiceGroup['main']) =>
  Object.values(rest).some((value) =>
    typeof value === 'object' ? Object.keys(value).length > 0 : value !== undefined,
  );

function mainOf(reading: Reading, main: ComposeService): Composed['main'] {
  const { user, working_dir: workdir } = main;
  const image = imageOf(reading, 'main', main);
  const { cpus, memoryMb } = limitsOf(reading, 'main', main);
  const healthcheck = mainCheck(reading, main.healthcheck);
  return {
    env: environmentOf(reading, 'main', main),
    ...(image && !isOwnName(image) && { image }),
    ...(user !== undefined && { user }),
    ...(workdir !== undefined && { workdir }),
    ...(cpus !== undefined && { cpus }),
    ...(memoryMb !== undefined && { memory_mb: memoryMb }),
    ...(healthcheck && { healthcheck }),
  };
}

/** The name that Harbor gives to what it builds of the task's own Dockerfile. */
const isOwnName = (image: ImageSource) => image.kind === 'reference' && image.reference === 'main';

function filled(file: string, data: unknown, lookup: Reading['lookup'], unset: Set<string>): unknown {
  try {
    return interpolateAll(data, lookup, (name) => unset.add(name));
  } catch (error) {
    if (error instanceof MissingVariable) throw badFile(file, error.message);
    throw error;
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { merge: true });
  } catch (cause) {
    const [problem = ''] = messageOf(cause).split('\n');
    throw badFile(file, `not valid YAML: ${problem}`, { cause });
  }
}
