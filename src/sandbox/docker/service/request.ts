import type Docker from 'dockerode';
import type { SandboxSpec } from '../../sandbox.ts';
import type { ContainerSettings, Mount, ServiceHealthcheck, ServiceSpec } from '../../service.ts';

/** The trial's names for what containers share → the engine's. */
export interface SharedNames {
  /** Of networks and volumes, and of containers by service. */
  networks: ReadonlyMap<string, string>;
  volumes: ReadonlyMap<string, string>;
  containers: ReadonlyMap<string, string>;
}

/** Of what a service prints, no more is kept. */
const logConfig = { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } };

/** An address that is nowhere: names that the trial does not know are asked for in vain, and soon given up. */
const nowhere = { Dns: ['192.0.2.1'], DnsOptions: ['timeout:1', 'attempts:1'] };

/** The engine's request for a service's container. */
export function serviceRequest(
  { profile, network, limits }: Pick<SandboxSpec, 'profile' | 'network' | 'limits'>,
  service: ServiceSpec,
  image: string,
  labels: Record<string, string>,
  names: SharedNames,
  runtime?: string,
): Docker.ContainerCreateOptions {
  const { memoryMb = limits.memoryMb, cpus = limits.cpus, pids = limits.pids } = service.limits;
  const { entrypoint, command, user, workdir, healthcheck, restart } = service;
  const { HostConfig, ...settings } = settingsRequest(service, network === 'public', names);
  return {
    ...settings,
    Image: image,
    Labels: { ...ownLabels(service.labels), ...labels },
    Env: Object.entries(service.env).map(([name, value]) => `${name}=${value}`),
    ...(entrypoint && { Entrypoint: entrypoint }),
    ...(command ? { Cmd: command } : entrypoint && { Cmd: [] }),
    ...(user !== undefined && { User: user }),
    ...(workdir !== undefined && { WorkingDir: workdir }),
    ...(healthcheck && { Healthcheck: healthcheckRequest(healthcheck) }),
    ...(service.stopSignal !== undefined && { StopSignal: service.stopSignal }),
    Tty: service.tty ?? false,
    OpenStdin: service.stdin ?? false,
    HostConfig: {
      ...HostConfig,
      NetworkMode: networkMode(service, names),
      ...(runtime !== undefined && { Runtime: runtime }),
      Memory: memoryMb * 1024 * 1024,
      MemorySwap: memoryMb * 1024 * 1024,
      NanoCpus: Math.round(Math.min(cpus, limits.cpus) * 1e9),
      PidsLimit: pids,
      LogConfig: logConfig,
      CapAdd: service.capAdd,
      CapDrop: [...service.capDrop, 'NET_RAW'],
      ...(profile === 'hardened' && { SecurityOpt: ['no-new-privileges'] }),
      ...(service.init && { Init: true }),
      ...(service.readOnly && { ReadonlyRootfs: true }),
      ...(restart && {
        RestartPolicy: { Name: policyNames[restart.policy], MaximumRetryCount: restart.retries ?? 0 },
      }),
    },
  };
}

const policyNames = {
  no: '',
  always: 'always',
  'on-failure': 'on-failure',
  'unless-stopped': 'unless-stopped',
};

/** What of a request the sandbox's own container may have too. Where it has no network of its own, that of another says the rest. */
export function settingsRequest(
  settings: ContainerSettings,
  isOpen: boolean,
  { networks, volumes }: SharedNames,
): Pick<Docker.ContainerCreateOptions, 'Hostname' | 'Domainname' | 'HostConfig' | 'NetworkingConfig'> {
  const { hostname, domainname, mounts, extraHosts, shmBytes, ulimits, sysctls, groups } = settings;
  const [first] = settings.networks;
  const network = first && networks.get(first.name);
  return {
    ...(hostname !== undefined && { Hostname: hostname }),
    ...(domainname !== undefined && { Domainname: domainname }),
    ...(network !== undefined && {
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: first?.aliases ?? [] } } },
    }),
    HostConfig: {
      NetworkMode: network ?? 'none',
      Mounts: mounts.map((mount) => mountRequest(mount, volumes)),
      ...(network !== undefined && extraHosts.length > 0 && { ExtraHosts: extraHosts }),
      ...(network !== undefined && !isOpen && nowhere),
      ...(shmBytes !== undefined && { ShmSize: shmBytes }),
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }, ...ulimits],
      ...(Object.keys(sysctls).length > 0 && { Sysctls: sysctls }),
      ...(groups.length > 0 && { GroupAdd: groups }),
    },
  };
}

function networkMode(
  { networkOf, networks: joined }: ServiceSpec,
  { networks, containers }: SharedNames,
): string {
  if (networkOf !== undefined) return `container:${containers.get(networkOf)}`;
  const [first] = joined;
  return (first && networks.get(first.name)) ?? 'none';
}

function mountRequest(mount: Mount, volumes: SharedNames['volumes']): Docker.MountSettings {
  const { target: Target, readOnly: ReadOnly = false } = mount;
  if (mount.kind === 'tmpfs') {
    const { bytes, mode } = mount;
    return {
      Type: 'tmpfs',
      Target,
      Source: '',
      ReadOnly,
      TmpfsOptions: { SizeBytes: bytes ?? 0, Mode: mode ?? 0o1777 },
    } as Docker.MountSettings;
  }
  const Source = mount.name === undefined ? '' : (volumes.get(mount.name) ?? '');
  const NoCopy = mount.nocopy === true || mount.files !== undefined;
  return { Type: 'volume', Target, Source, ReadOnly, VolumeOptions: { NoCopy } } as Docker.MountSettings;
}

/** The engine counts in nanoseconds. */
function healthcheckRequest({ test, intervalMs, timeoutMs, startPeriodMs, retries }: ServiceHealthcheck) {
  const nanoseconds = (ms: number | undefined) => Math.round((ms ?? 0) * 1e6);
  return {
    Test: test,
    Interval: nanoseconds(intervalMs),
    Timeout: nanoseconds(timeoutMs),
    StartPeriod: nanoseconds(startPeriodMs),
    Retries: retries ?? 0,
  };
}

/** Labels of an author can't pass for ours. */
const ownLabels = (labels: Record<string, string>) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !/^proctor($|\.)/.test(name)));
