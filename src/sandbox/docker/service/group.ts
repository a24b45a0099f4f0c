import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { ProctorError } from '../../../errors.ts';
import type { SandboxSpec } from '../../sandbox.ts';
import type { ServiceGroup, ServiceSpec, ServiceTrouble } from '../../service.ts';
import { packFiles } from '../archive.ts';
import { labelNames } from '../container-label.ts';
import { engineError } from '../engine.ts';
import { ServiceContainer } from './container.ts';
import { untilReady } from './readiness.ts';
import { type SharedNames, serviceRequest, settingsRequest } from './request.ts';
import { TroubleWatch } from './trouble.ts';
import { makeVolume, volumesOf } from './volume.ts';

const root = { uid: 0, gid: 0 };

export interface GroupRequest {
  spec: Pick<SandboxSpec, 'profile' | 'network' | 'limits'>;
  group: ServiceGroup;
  /** The image ids of services, and of the sandbox as `main`. */
  images: ReadonlyMap<string, string>;
  labels: Record<string, string>;
  runtime: string | undefined;
}

/** How a sandbox whose names the engine does not answer reaches its services. */
interface Reachable {
  /** "name:address" of each service that the sandbox shares a network with. */
  hosts: string[];
  /** Such as "172.18.0.0/16". */
  subnets: string[];
}

/** The running services of one sandbox, with their networks and volumes. */
export class RunningGroup {
  readonly #docker: Docker;
  readonly #request: GroupRequest;
  readonly #id = randomBytes(6).toString('hex');
  readonly #labels: Record<string, string>;
  readonly #services = new Map<string, ServiceContainer>();
  readonly #networks = new Map<string, string>();
  readonly #volumes = new Map<string, string>();
  #watch: TroubleWatch | undefined;
  #removal: Promise<void> | undefined;

  constructor(docker: Docker, request: GroupRequest) {
    this.#docker = docker;
    this.#request = request;
    this.#labels = { ...request.labels, [labelNames.group]: this.#id };
  }

  /** Starts everything and waits until it is ready; leaves nothing behind when it throws. */
  async start(signal: AbortSignal): Promise<void> {
    try {
      await this.#share();
      await this.#startAll(signal);
      this.#watch = new TroubleWatch([...this.#services.values()]);
      await this.#watch.start(this.#docker, this.#id);
    } catch (error) {
      await this.remove();
      if (signal.aborted) throw new ProctorError('interrupted', 'Opening a sandbox was aborted.');
      throw engineError(error, 'sandbox-failed', 'The services could not be started');
    }
  }

  /** A service by its name. Throws `sandbox-failed` where there is none. */
  service(name: string): ServiceContainer {
    const service = this.#services.get(name);
    if (service) return service;
    throw new ProctorError('sandbox-failed', `there is no service "${name}"`);
  }

  /** What the sandbox's own container has of the group where no gateway stands between. */
  settings(): ReturnType<typeof settingsRequest> {
    const { spec, group } = this.#request;
    const main = { ...group.main, networks: group.main.networks.map(withOwnName('main')) };
    return settingsRequest(main, spec.network === 'public', this.#names());
  }

  /** Gives the sandbox's own container its files, and its networks where no gateway has them. */
  async furnish(container: Docker.Container, hasGateway: boolean): Promise<void> {
    const { files, networks } = this.#request.group.main;
    if (files.length > 0) await container.putArchive(packFiles(files, [], root), { path: '/' });
    if (!hasGateway)
      await this.join(
        container.id,
        networks.slice(0, 1).map(({ name }) => name),
      );
  }

  /** Joins a container to the networks of `main`, but for those that it is in. */
  async join(container: string, without: readonly string[]): Promise<void> {
    await this.#join(container, this.#request.group.main.networks.map(withOwnName('main')), without);
  }

  /** The first network of `main`, by the trial's name and the engine's; undefined where it has none. */
  get firstNetwork(): { name: string; own: string } | undefined {
    const name = this.#request.group.main.networks[0]?.name ?? '';
    const own = this.#networks.get(name);
    return own === undefined ? undefined : { name, own };
  }

  async reachable(): Promise<Reachable> {
    const { group } = this.#request;
    const shared = new Set(group.main.networks.map(({ name }) => name));
    const hosts = [...group.main.extraHosts];
    for (const [name, { service, container }] of this.#services) {
      const { NetworkSettings } = await container.inspect();
      for (const { name: network, aliases } of service.networks.filter((one) => shared.has(one.name))) {
        const address = NetworkSettings.Networks[this.#networks.get(network) ?? '']?.IPAddress;
        if (address) hosts.push(...[name, ...aliases].map((one) => `${one}:${address}`));
      }
    }
    const own = group.main.networks.flatMap(({ name }) => this.#networks.get(name) ?? []);
    const inspected = await Promise.all(own.map((name) => this.#docker.getNetwork(name).inspect()));
    const subnets = inspected.flatMap(({ IPAM }) =>
      ((IPAM?.Config ?? []) as { Subnet?: string }[]).flatMap(({ Subnet }) => Subnet ?? []),
    );
    return { hosts, subnets };
  }

  troubles(): Promise<ServiceTrouble[]> {
    return this.#watch?.take() ?? Promise.resolve([]);
  }

  /** MB that the services have written to their own layers. */
  async writtenMb(): Promise<number> {
    const sizes = await Promise.all(
      [...this.#services.values()].map(async ({ container }) => {
        const info = await container.inspect({ size: true } as object).catch(() => undefined);
        return (info as { SizeRw?: number } | undefined)?.SizeRw ?? 0;
      }),
    );
    return sizes.reduce((sum, one) => sum + one, 0) / 1e6;
  }

  /** Leaves it running; returns what removes it. */
  detach(): { containers: string[]; commands: string[] } {
    this.#removal ??= Promise.resolve();
    this.#watch?.stop();
    const remove = (kind: string, names: Iterable<string>) => {
      const all = [...names];
      return all.length > 0 ? [`docker ${kind} rm ${all.join(' ')}`] : [];
    };
    return {
      containers: [...this.#services.values()].map(({ container }) => container.id.slice(0, 12)),
      commands: [...remove('network', this.#networks.values()), ...remove('volume', this.#volumes.values())],
    };
  }

  /** Removes all of it, once the sandbox's own container is gone; never rejects. */
  remove(): Promise<void> {
    this.#removal ??= this.#remove();
    return this.#removal;
  }

  async #remove(): Promise<void> {
    this.#watch?.stop();
    const containers = [...this.#services.values()].reverse();
    await Promise.allSettled(containers.map(({ container }) => container.remove({ force: true, v: true })));
    await Promise.allSettled([
      ...[...this.#networks.values()].map((name) => this.#docker.getNetwork(name).remove()),
      ...[...this.#volumes.values()].map((name) => this.#docker.getVolume(name).remove()),
    ]);
  }

  #names(): SharedNames {
    const containers = new Map([...this.#services].map(([name, { container }]) => [name, container.id]));
    return { networks: this.#networks, volumes: this.#volumes, containers };
  }

  async #share(): Promise<void> {
    const { group, spec, images } = this.#request;
    for (const { name, internal } of group.networks) {
      const own = `proctor-${this.#id}-${name}`;
      this.#networks.set(name, own);
      await this.#docker.createNetwork(
        networkRequest(own, internal || spec.network !== 'public', this.#labels),
      );
    }
    const image = images.get('main') ?? '';
    for (const [name, files] of volumesOf(group)) {
      const own = `proctor-${this.#id}-${name}`;
      this.#volumes.set(name, own);
      await makeVolume(this.#docker, { name: own, files, image, labels: this.#labels });
    }
  }

  /** Each service starts when what it waits for is ready; the first failure ends the others' waiting. */
  async #startAll(signal: AbortSignal): Promise<void> {
    const { services, main } = this.#request.group;
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const started = new Map<string, Promise<void>>();
    let first: unknown;
    const guarded = (work: () => Promise<void>) =>
      work().catch((error: unknown) => {
        first ??= error;
        failed.abort();
        throw error;
      });
    const untilAll = async ({ dependsOn }: Pick<ServiceSpec, 'dependsOn'>) => {
      for (const { service, until } of dependsOn) {
        await started.get(service);
        const other = this.#services.get(service);
        if (other) await untilReady(other, until, both);
      }
    };
    for (const service of services)
      started.set(
        service.name,
        guarded(async () => {
          await untilAll(service);
          both.throwIfAborted();
          await this.#startOne(service);
        }),
      );
    const ready = guarded(async () => {
      await Promise.all(started.values());
      await Promise.all([...this.#services.values()].map((one) => untilReady(one, 'settled', both)));
      await untilAll(main);
    });
    await Promise.allSettled([...started.values(), ready]);
    if (first !== undefined) throw first;
  }

  async #startOne(service: ServiceSpec): Promise<void> {
    const { spec, images, runtime } = this.#request;
    const { name, networks, files } = service;
    const own = { ...service, networks: networks.map(withOwnName(name)) };
    const request = serviceRequest(spec, own, images.get(name) ?? '', this.#labels, this.#names(), runtime);
    try {
      const container = await this.#docker.createContainer({
        ...request,
        name: `proctor-${this.#id}-${name}`,
      });
      this.#services.set(name, new ServiceContainer(own, container));
      if (files.length > 0) await container.putArchive(packFiles(files, [], root), { path: '/' });
      await this.#join(
        container.id,
        own.networks,
        own.networks.slice(0, 1).map((one) => one.name),
      );
      await container.start();
    } catch (error) {
      throw engineError(error, 'sandbox-failed', `The service ${name} could not be started`);
    }
  }

  async #join(
    container: string,
    networks: ServiceSpec['networks'],
    without: readonly string[],
  ): Promise<void> {
    for (const { name, aliases } of networks) {
      const network = this.#networks.get(name);
      if (network === undefined || without.includes(name)) continue;
      await this.#docker
        .getNetwork(network)
        .connect({ Container: container, EndpointConfig: { Aliases: aliases } });
    }
  }
}

/** A service is known in its networks by its own name too. */
const withOwnName =
  (own: string) =>
  ({ name, aliases }: { name: string; aliases: string[] }) => ({
    name,
    aliases: [...new Set([own, ...aliases])],
  });

/** A closed network leads nowhere, and the machine has no address in it. */
const networkRequest = (name: string, isClosed: boolean, labels: Record<string, string>) => ({
  Name: name,
  CheckDuplicate: true,
  Driver: 'bridge',
  Internal: isClosed,
  Labels: labels,
  ...(isClosed && { Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' } }),
});
