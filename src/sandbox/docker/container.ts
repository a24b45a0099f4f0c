import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import { shellWord } from '../shell-word.ts';
import { attachChannel, type Channel, execChannel } from './channel.ts';
import { ContainerInit } from './container-init.ts';
import { deathOf } from './death.ts';
import { engineError } from './engine.ts';
import type { Gateway } from './gateway.ts';
import type { Relay } from './relay.ts';
import type { RunningGroup } from './service/group.ts';
import { supervisorArgv } from './shell-script.ts';
import type { WatchContainer } from './watch-container.ts';

/** The engine's kinds of change, by number. */
const changeKinds = ['changed', 'created', 'deleted'] as const;

const namespaceTimeoutMs = 10_000;

interface ContainerParts {
  docker: Docker;
  name: string;
  container: Docker.Container;
  init: ContainerInit;
  agentUser: string;
  gateway: Gateway | undefined;
  services: RunningGroup | undefined;
}

/** A started container with its main process, and nothing of a trial in it yet. */
export class RunningContainer {
  readonly name: string;
  readonly container: Docker.Container;
  readonly init: ContainerInit;
  /** Where all its traffic goes; undefined where it has no network, or the engine's. */
  readonly gateway: Gateway | undefined;
  /** What runs beside it, for it alone. */
  readonly services: RunningGroup | undefined;
  readonly #docker: Docker;
  readonly #agentUser: string;
  /** The supervisor of the agent's shell, started with the container. */
  #agentSupervisor: Promise<Channel> | undefined;
  #relay: Promise<Relay> | undefined;
  #watch: Promise<WatchContainer> | undefined;
  #removal: Promise<void> | undefined;
  #death: Promise<ProctorError> | undefined;

  constructor({ docker, name, container, init, agentUser, gateway, services }: ContainerParts) {
    this.#docker = docker;
    this.name = name;
    this.container = container;
    this.init = init;
    this.gateway = gateway;
    this.services = services;
    this.#agentUser = agentUser;
    this.#agentSupervisor = this.#startSupervisor(agentUser);
    this.#agentSupervisor.catch(() => {});
  }

  /** The supervisor of a resident shell; the agent's first one was started with the container. */
  supervisor(user: string): Promise<Channel> {
    const started = user === this.#agentUser ? this.#agentSupervisor : undefined;
    if (started) this.#agentSupervisor = undefined;
    return started ?? this.#startSupervisor(user);
  }

  /** What listens in its network; opened by the first call, for the container whose network this one has. */
  relay(open: (network: string) => Promise<Relay>): Promise<Relay> {
    this.#relay ??= open(this.gateway?.name ?? this.name);
    this.#relay.catch(() => {
      this.#relay = undefined;
    });
    return this.#relay;
  }

  /** What watches the programs that are started in it; opened by the first call, for its namespace of processes. */
  watch(open: (namespace: string) => Promise<WatchContainer>): Promise<WatchContainer> {
    this.#watch ??= this.#namespace().then(open);
    this.#watch.catch(() => {});
    return this.#watch;
  }

  /** Why it no longer runs, as `sandbox-broken` or, where nobody inside ended it, `sandbox-lost`; undefined while it does. */
  async death(): Promise<ProctorError | undefined> {
    if (this.#removal)
      return new ProctorError('sandbox-broken', `Sandbox ${this.name} is dead: it was closed.`);
    if (!this.init.channel.isClosed) return undefined;
    this.#death ??= deathOf(this.#docker, this.container, this.name);
    return this.#death;
  }

  /** The error to throw: its death where it no longer runs, otherwise `error` as the engine's failure. */
  async failure(error: unknown, what: string): Promise<ProctorError> {
    return (await this.death()) ?? engineError(error, 'sandbox-failed', what);
  }

  /** What is at a path, as the engine sees it from outside. */
  archive(path: string): Promise<NodeJS.ReadableStream> {
    return this.container.getArchive({ path });
  }

  /** What the engine says differs from the image; directories that only hold something changed are left out. */
  async changes(): Promise<{ path: string; op: (typeof changeKinds)[number] }[]> {
    const answer: unknown = await this.container.changes().catch(async (error: unknown) => {
      throw await this.failure(error, 'The engine did not report what changed');
    });
    const changes: { Path: string; Kind: number }[] = Array.isArray(answer) ? answer : [];
    const holders = new Set(changes.map(({ Path }) => Path.slice(0, Path.lastIndexOf('/'))));
    return changes.flatMap(({ Path: path, Kind }) => {
      const op = changeKinds[Kind];
      return op && !(op === 'changed' && holders.has(path)) ? [{ path, op }] : [];
    });
  }

  /** Disconnects from a container that was started to be left running; returns the commands that enter and remove it. */
  detach(workdir: string): { enter: string; remove: string } {
    this.#removal ??= Promise.resolve();
    this.init.channel.destroy();
    this.gateway?.detach();
    void this.#removeCompanions();
    const services = this.services?.detach();
    const names = [this.name, ...(this.gateway ? [this.gateway.name] : []), ...(services?.containers ?? [])];
    return {
      enter: `docker exec -it -w ${shellWord(workdir)} ${this.name} sh`,
      remove: [`docker rm -f -v ${names.join(' ')}`, ...(services?.commands ?? [])].join(' && '),
    };
  }

  /** Removes it, its gateway and its services; never rejects. */
  remove(): Promise<void> {
    this.#removal ??= this.#remove();
    return this.#removal;
  }

  async #removeCompanions(): Promise<void> {
    const companions = [this.#relay, this.#watch].map((one) => one?.catch(() => undefined));
    await Promise.all((await Promise.all(companions)).map((one) => one?.remove()));
  }

  /** The kernel's number of its namespace of processes. */
  async #namespace(): Promise<string> {
    const named = await this.init.run('readlink /proc/self/ns/pid', namespaceTimeoutMs);
    const [, number] = /^pid:\[(\d+)\]\s*$/.exec(named.toString()) ?? [];
    if (number !== undefined) return number;
    throw new ProctorError('sandbox-failed', 'its image can’t tell the namespace of its processes');
  }

  async #remove(): Promise<void> {
    await Promise.all([
      this.container.remove({ force: true, v: true }).catch(() => {}),
      this.#removeCompanions(),
    ]);
    await this.gateway?.remove();
    await this.services?.remove();
    this.init.channel.destroy();
  }

  async #startSupervisor(user: string): Promise<Channel> {
    return (await execChannel(this.container, { argv: supervisorArgv, user, cwd: '/' })).channel;
  }
}

/** What a container is started with. */
export interface Surroundings {
  /** Starts what runs beside it. */
  openServices?(signal: AbortSignal): Promise<RunningGroup>;
  /** Starts what sees all that it sends. */
  openGateway?(services: RunningGroup | undefined): Promise<Gateway>;
}

/** Creates and starts a container, beside its services and behind a gateway where it is to have them; leaves nothing behind when it throws. */
export async function startContainer(
  docker: Docker,
  request: Docker.ContainerCreateOptions,
  agentUser: string,
  { openServices, openGateway }: Surroundings = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<RunningContainer> {
  const name = `proctor-${randomBytes(6).toString('hex')}`;
  const services = await openServices?.(signal);
  let gateway: Gateway | undefined;
  let container: Docker.Container | undefined;
  try {
    gateway = await openGateway?.(services);
    container = await docker.createContainer({ ...behind(gateway, beside(services, request)), name });
    await services?.furnish(container, gateway !== undefined);
    const init = new ContainerInit(await attachChannel(container));
    await container.start();
    return new RunningContainer({ docker, name, container, init, agentUser, gateway, services });
  } catch (error) {
    await container?.remove({ force: true, v: true }).catch(() => {});
    await gateway?.remove();
    await services?.remove();
    throw engineError(error, 'sandbox-failed', 'The container could not be started');
  }
}

function beside(
  services: RunningGroup | undefined,
  request: Docker.ContainerCreateOptions,
): Docker.ContainerCreateOptions {
  if (!services) return request;
  const { HostConfig, ...settings } = services.settings();
  const Ulimits = [...(request.HostConfig?.Ulimits ?? []), ...(HostConfig?.Ulimits ?? [])];
  return { ...request, ...settings, HostConfig: { ...request.HostConfig, ...HostConfig, Ulimits } };
}

/** The network of a gateway is its own: names and addresses are said there. */
function behind(
  gateway: Gateway | undefined,
  request: Docker.ContainerCreateOptions,
): Docker.ContainerCreateOptions {
  if (!gateway) return request;
  const { Hostname: _, Domainname: __, NetworkingConfig: ___, HostConfig, ...rest } = request;
  const { ExtraHosts, Dns, DnsOptions, Sysctls, ...host } = HostConfig ?? {};
  return { ...rest, HostConfig: { ...host, NetworkMode: `container:${gateway.name}` } };
}
