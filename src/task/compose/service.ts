import { join } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import type { ImageSource } from '../../sandbox/sandbox.ts';
import type {
  ContainerSettings,
  Dependency,
  ServiceHealthcheck,
  ServiceSpec,
} from '../../sandbox/service.ts';
import { badFile } from '../../schema/author-file.ts';
import { isFile } from '../../schema/author-folder.ts';
import type { ComposeFile, ComposeHealthcheck, ComposeService } from '../../schema/compose.ts';
import { mountsOf } from './mount.ts';
import { bytesOf, millisecondsOf } from './quantity.ts';
import { pathInside, type Reading, required } from './reading.ts';
import { environmentOf, filledIn, pairsOf } from './variable.ts';

const conditions = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
} as const;

/** A service as a container of the trial. */
export function serviceSpec(
  reading: Reading,
  file: ComposeFile,
  name: string,
  service: ComposeService,
): ServiceSpec {
  const [entrypoint, command] = [argvOf(service.entrypoint), argvOf(service.command)];
  const {
    user,
    working_dir: workdir,
    init,
    read_only: readOnly,
    tty,
    stdin_open: stdin,
    stop_signal: stopSignal,
  } = service;
  const healthcheck = healthcheckOf(reading, name, service.healthcheck);
  const networkOf = /^service:(.+)$/.exec(service.network_mode ?? '')?.[1];
  const restart = restartOf(reading, name, service);
  return {
    name,
    image: imageOf(reading, name, service) ?? noImage(reading, name),
    ...settingsOf(reading, file, name, service),
    ...(entrypoint && { entrypoint }),
    ...(command && { command }),
    env: environmentOf(reading, name, service),
    ...(user !== undefined && { user }),
    ...(workdir !== undefined && { workdir }),
    ...(networkOf !== undefined && { networkOf }),
    ...(healthcheck && { healthcheck }),
    ...(restart && { restart }),
    limits: limitsOf(reading, name, service),
    capAdd: service.cap_add ?? [],
    capDrop: service.cap_drop ?? [],
    ...(init !== undefined && { init }),
    ...(readOnly !== undefined && { readOnly }),
    ...(tty !== undefined && { tty }),
    ...(stdin !== undefined && { stdin }),
    ...(stopSignal !== undefined && { stopSignal }),
  };
}

/** What the sandbox's own container may have of a service too. */
export function settingsOf(
  reading: Reading,
  file: ComposeFile,
  name: string,
  service: ComposeService,
): ContainerSettings {
  const { hostname, domainname, shm_size: shm } = service;
  const shmBytes =
    shm === undefined
      ? undefined
      : required(reading, `services.${name}.shm_size`, bytesOf(shm), 'a size such as "64m"');
  return {
    networks: networksOf(reading, file, name, service),
    dependsOn: dependenciesOf(reading, file, name, service),
    ...mountsOf(reading, file, name, service),
    extraHosts: hostsOf(service.extra_hosts),
    ...(hostname !== undefined && { hostname }),
    ...(domainname !== undefined && { domainname }),
    ...(shmBytes !== undefined && { shmBytes }),
    ulimits: Object.entries(service.ulimits ?? {}).map(([Name, limit]) =>
      typeof limit === 'number'
        ? { Name, Soft: limit, Hard: limit }
        : { Name, Soft: limit.soft, Hard: limit.hard },
    ),
    sysctls: filledIn(service.sysctls, () => undefined),
    groups: service.group_add ?? [],
    labels: Object.fromEntries(pairsOf(service.labels).map(([key, value]) => [key, value ?? ''])),
  };
}

/** A program and its arguments; a text is split into words as a shell would. */
export function argvOf(given: ComposeService['command']): string[] | undefined {
  if (given === null || given === undefined) return undefined;
  return typeof given === 'string' ? parseArgsStringToArgv(given) : given;
}

/** What a service's image is; undefined where it names none. */
export function imageOf(
  reading: Reading,
  name: string,
  { build, image }: ComposeService,
): ImageSource | undefined {
  if (!build) return image === undefined ? undefined : { kind: 'reference', reference: image };
  const where = `services.${name}.build`;
  const { context: given = '.', dockerfile, args, target } = build;
  const context = /^(\w+:\/\/|git@)/.test(given) ? undefined : pathInside(reading, given);
  const folder = context ?? reading.folder;
  if (context === undefined)
    reading.refusals.push(`${where}.context: ${given}: expected a folder below environment/`);
  else if (!isFile(join(folder, dockerfile ?? 'Dockerfile')))
    throw badFile(reading.file, `${where}: no file ${join(given, dockerfile ?? 'Dockerfile')}`);
  const values = filledIn(args, reading.lookup);
  return {
    kind: 'build',
    context: folder,
    ...(dockerfile !== undefined && dockerfile !== 'Dockerfile' && { dockerfile }),
    ...(Object.keys(values).length > 0 && { args: values }),
    ...(target !== undefined && { target }),
  };
}

function noImage({ file }: Reading, name: string): never {
  throw badFile(file, `services.${name}: expected image or build`);
}

/** Limits of a container; those of `deploy` are the newer ones. */
export function limitsOf(reading: Reading, name: string, service: ComposeService): ServiceSpec['limits'] {
  const {
    cpus = service.cpus,
    memory = service.mem_limit,
    pids = service.pids_limit,
  } = service.deploy?.resources?.limits ?? {};
  const bytes =
    memory === undefined
      ? undefined
      : required(reading, `services.${name}: memory`, bytesOf(memory), 'a size such as "512m"');
  return {
    ...(cpus && { cpus }),
    ...(bytes && { memoryMb: Math.ceil(bytes / 1024 ** 2) }),
    ...(pids && pids > 0 && { pids }),
  };
}

/** How it is told whether a service is healthy; undefined where its image tells. */
export function healthcheckOf(
  reading: Reading,
  name: string,
  check: ComposeHealthcheck | null | undefined,
): ServiceHealthcheck | undefined {
  if (!check) return undefined;
  const test = typeof check.test === 'string' ? ['CMD-SHELL', check.test] : check.test;
  if (check.disable || test?.[0] === 'NONE') return { test: ['NONE'] };
  const time = (field: 'interval' | 'timeout' | 'start_period' | 'start_interval') => {
    const text = check[field];
    const expected = 'a duration such as "1m30s"';
    return text === undefined
      ? undefined
      : required(reading, `services.${name}.healthcheck.${field}`, millisecondsOf(text), expected);
  };
  const [intervalMs, timeoutMs, startPeriodMs] = [time('interval'), time('timeout'), time('start_period')];
  const startIntervalMs = time('start_interval');
  return {
    test: test ?? [],
    ...(intervalMs !== undefined && { intervalMs }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(startPeriodMs !== undefined && { startPeriodMs }),
    ...(startIntervalMs !== undefined && { startIntervalMs }),
    ...(check.retries !== undefined && { retries: check.retries }),
  };
}

function networksOf(
  { refusals }: Reading,
  file: ComposeFile,
  name: string,
  service: ComposeService,
): ContainerSettings['networks'] {
  if (service.network_mode !== undefined) return [];
  const joined = Object.entries(service.networks ?? { default: { aliases: [] } });
  const stray = joined.find(([network]) => network !== 'default' && !(network in (file.networks ?? {})));
  if (stray) refusals.push(`services.${name}.networks: there is no network "${stray[0]}" in networks`);
  const also = typeof service.container_name === 'string' ? [service.container_name] : [];
  return joined.map(([network, { aliases }]) => ({
    name: network,
    aliases: [...new Set([...(aliases ?? []), ...also, ...linkedNames(file, name)])],
  }));
}

/** Names that links of other services give to one. */
function linkedNames({ services }: ComposeFile, name: string): string[] {
  return Object.values(services ?? {}).flatMap(({ links }) =>
    (links ?? []).flatMap((link) => {
      const [service, alias] = link.split(':');
      return service === name && alias !== undefined ? [alias] : [];
    }),
  );
}

function dependenciesOf(
  { refusals, warnings }: Reading,
  { services }: ComposeFile,
  name: string,
  service: ComposeService,
): Dependency[] {
  const isThere = (other: string) => services?.[other] !== undefined && !services[other].profiles?.length;
  const named: Dependency[] = [];
  for (const [other, { condition, required: isRequired }] of Object.entries(service.depends_on ?? {})) {
    if (other === 'main') warnings.push(`services.${name}.depends_on.main: main is started last`);
    else if (isThere(other)) named.push({ service: other, until: conditions[condition] });
    else if (isRequired)
      refusals.push(`services.${name}.depends_on: there is no service "${other}" that is started`);
  }
  const linked = (service.links ?? []).map((link) => link.split(':')[0] ?? '').filter(isThere);
  const shared = /^service:(.+)$/.exec(service.network_mode ?? '')?.[1];
  const implied = [...linked, ...(shared !== undefined ? [shared] : [])];
  return [...named, ...implied.map((other): Dependency => ({ service: other, until: 'started' }))];
}

function hostsOf(given: ComposeService['extra_hosts']): string[] {
  if (Array.isArray(given)) return given.map((line) => line.replace(/^([^:=]+)=/, '$1:'));
  return Object.entries(given ?? {}).flatMap(([host, addresses]) =>
    addresses.map((address) => `${host}:${address}`),
  );
}

const policies = ['no', 'always', 'on-failure', 'unless-stopped'] as const;

function restartOf(
  { file }: Reading,
  name: string,
  { restart, deploy }: ComposeService,
): ServiceSpec['restart'] {
  const { condition, max_attempts: attempts } = deploy?.restart_policy ?? {};
  const ofDeploy = condition === 'any' ? 'always' : condition === 'none' ? 'no' : condition;
  const given = restart ?? (attempts === undefined ? ofDeploy : `${ofDeploy ?? 'on-failure'}:${attempts}`);
  if (given === undefined) return undefined;
  const [word, count] = given.split(':');
  const policy = policies.find((one) => one === word);
  if (policy === undefined)
    throw badFile(file, `services.${name}.restart: expected one of ${policies.join(', ')}, got "${given}"`);
  return { policy, ...(count !== undefined && policy === 'on-failure' && { retries: Number(count) }) };
}
