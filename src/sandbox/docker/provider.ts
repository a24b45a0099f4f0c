import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import type { SandboxCapability, SandboxProvider, SandboxSpec } from '../sandbox.ts';
import type { ServiceGroup } from '../service.ts';
import { type RunningContainer, type Surroundings, startContainer } from './container.ts';
import {
  containerLabels,
  gatewayRole,
  reapContainers,
  relayRole,
  serviceRole,
  watchRole,
} from './container-label.ts';
import { connectEngine, engineError } from './engine.ts';
import { runEntrypoint, runProgram } from './entrypoint.ts';
import { ownershipOf, putFiles } from './files.ts';
import { type GatewayRequest, gatewayImage, hasGateway, startGateway } from './gateway.ts';
import { basesOf, imagesOf } from './image.ts';
import type { Progress } from './image-build.ts';
import { Lease } from './lease.ts';
import { ContainerPool } from './pool.ts';
import { agentUser, containerKind, containerRequest, entrypointOf, programOf } from './profile.ts';
import { startRelay } from './relay.ts';
import { DockerSandbox, type DockerSandboxParts } from './sandbox.ts';
import { RunningGroup } from './service/group.ts';
import { startWatch, watchImage } from './watch-container.ts';

export interface DockerProviderOptions {
  /** Put on every container, so that leftovers of a run can be found. */
  runId: string;
  /** Number of started containers that wait for a trial; as many as trials run at a time is a good number, 0 disables it. */
  poolSize?: number;
  /** Opens sandboxes that can be left running when this process ends. */
  keep?: boolean;
  /** Runtime of the engine, such as "runsc"; the engine's own choice when absent. */
  runtime?: string;
  /** Name servers for names on an allowlist; the engine's own when absent. */
  nameservers?: string[];
  log?: (line: string) => void;
}

const capabilities: SandboxCapability[] = [
  'kernel',
  'spawn',
  'users',
  'image',
  'background',
  'network',
  'listen',
  'programs',
  'services',
];

/** Runtimes that leave the network to the kernel, where a gateway can intercept it and a relay listen, and programs, where they can be watched. */
const kernelRuntimes = ['runc', 'io.containerd.runc.v2', 'io.containerd.runtime.v1.linux', 'crun'];

const ofKernel: ReadonlySet<SandboxCapability> = new Set(['network', 'listen', 'programs']);

/** Sandboxes as containers of any Docker-compatible engine. Does not connect to the engine until it is used. */
export const dockerProvider = (options: DockerProviderOptions): SandboxProvider =>
  new DockerProvider(options);

class DockerProvider implements SandboxProvider {
  readonly name = 'docker';
  readonly capabilities: ReadonlySet<SandboxCapability>;
  readonly #options: DockerProviderOptions;
  readonly #docker = connectEngine();
  readonly #getImage = imagesOf(this.#docker);
  readonly #lease = new Lease(this.#docker);
  readonly #pool: ContainerPool;
  readonly #removals = new Set<Promise<void>>();
  #engine: Promise<string> | undefined;
  /** The image of what watches programs, or why there is none: asked for once. */
  #watchImage: Promise<string> | undefined;

  constructor(options: DockerProviderOptions) {
    this.#options = options;
    this.#pool = new ContainerPool(options.poolSize ?? 1);
    const isKernels = kernelRuntimes.includes(options.runtime ?? 'runc');
    this.capabilities = new Set(capabilities.filter((one) => isKernels || !ofKernel.has(one)));
  }

  readonly prepare: SandboxProvider['prepare'] = async (spec, progress) => {
    const { kind, start } = await this.#plan(spec, progress);
    if (!spec.services) await this.#pool.fill(kind, start);
  };

  readonly programOf: NonNullable<SandboxProvider['programOf']> = async (image, progress) => {
    const { Entrypoint, Cmd, WorkingDir } = (await this.#getImage(image, progress)).Config;
    const argv = [Entrypoint ?? [], Cmd ?? []].flat();
    return { argv, ...(WorkingDir && { cwd: WorkingDir }) };
  };

  readonly open: SandboxProvider['open'] = async (spec, signal) => {
    throwIfAborted(signal);
    const { keep = false, log = () => {} } = this.#options;
    const { info, kind, start, entrypoint, program } = await this.#plan(spec, log);
    const openRelay = this.capabilities.has('listen') ? this.#relayOpener(log) : undefined;
    const openWatch = this.capabilities.has('programs') ? this.#watchOpener(log) : undefined;
    const running = spec.services ? await start(signal) : await this.#pool.take(kind, start);
    try {
      throwIfAborted(signal);
      const agent = await ownershipOf(running, info.user);
      await putFiles(running, spec.files, [spec.workdir], agent);
      const trouble = entrypoint && (await runEntrypoint(running, entrypoint));
      if (trouble) log(`trial ${spec.labels.trial}: the ENTRYPOINT of its image ${trouble}`);
      if (program) await runProgram(running, program);
      throwIfAborted(signal);
      log(`trial ${spec.labels.trial} has container ${running.name}`);
      const sandboxIn = (container: RunningContainer, more: Partial<DockerSandboxParts> = {}) =>
        new DockerSandbox({
          ...{ running: container, spec, info, agent, canDetach: keep, openRelay, openWatch, ...more },
          remove: () => this.#remove(container),
        });
      return sandboxIn(running, { untouched: async () => sandboxIn(await start()) });
    } catch (error) {
      await running.remove();
      throw error;
    } finally {
      // Only now, so that starting the next container does not slow this one down.
      if (!spec.services) void this.#pool.fill(kind, start);
    }
  };

  readonly reap: SandboxProvider['reap'] = (what) => reapContainers(this.#docker, what);

  readonly close: SandboxProvider['close'] = async () => {
    await this.#pool.close();
    await Promise.all(this.#removals);
    await this.#lease.release();
  };

  /** What a sandbox of this spec is, and how its container is started. */
  async #plan(spec: SandboxSpec, progress: Progress) {
    const { runId, keep = false, runtime } = this.#options;
    const engine = await this.#engineName();
    const image = await this.#getImage(spec.image, progress);
    const user = agentUser(spec, image);
    const leased = await this.#lease.hold();
    const request = containerRequest(spec, image.Id, containerLabels(runId, { kept: keep, leased }), runtime);
    if (keep) request.StdinOnce = false;
    if (spec.network === 'public' || spec.network === 'allowlist') await requireBridge(this.#docker);
    const openGateway = hasGateway(spec) ? await this.#gatewayOpener(spec, progress) : undefined;
    const openServices =
      spec.services && (await this.#servicesOpener(spec, spec.services, image.Id, progress));
    const around: Surroundings = {
      ...(openGateway && { openGateway }),
      ...(openServices && { openServices }),
    };
    const start = (signal?: AbortSignal) => startContainer(this.#docker, request, user, around, signal);
    const { profile, workdir } = spec;
    const bases = basesOf(image);
    return {
      info: {
        provider: this.name,
        profile,
        imageId: image.Id,
        ...(bases && { bases }),
        engine,
        user,
        workdir,
      } as const,
      kind: containerKind(spec, image.Id, user),
      entrypoint: entrypointOf(spec, image),
      program: programOf(spec, image, user),
      start,
    };
  }

  async #gatewayOpener(
    { network: mode, allowedHosts: allow = [] }: SandboxSpec & { network: GatewayRequest['mode'] },
    progress: Progress,
  ) {
    const { runId, keep = false, nameservers = [] } = this.#options;
    const { Id: imageId } = await this.#getImage(gatewayImage, progress);
    const labels = containerLabels(runId, {
      kept: keep,
      leased: await this.#lease.hold(),
      role: gatewayRole,
    });
    return (services: RunningGroup | undefined) =>
      startGateway(this.#docker, { imageId, mode, allow, labels, nameservers, keep, services });
  }

  async #servicesOpener(spec: SandboxSpec, group: ServiceGroup, main: string, progress: Progress) {
    const { runId, keep = false, runtime } = this.#options;
    const images = new Map([['main', main]]);
    for (const { name, image } of group.services)
      images.set(name, (await this.#getImage(image, progress)).Id);
    const labels = containerLabels(runId, {
      kept: keep,
      leased: await this.#lease.hold(),
      role: serviceRole,
    });
    return async (signal: AbortSignal) => {
      const services = new RunningGroup(this.#docker, { spec, group, labels, images, runtime });
      await services.start(signal);
      return services;
    };
  }

  #relayOpener(progress: Progress) {
    return async (network: string) => {
      const { Id: imageId } = await this.#getImage(gatewayImage, progress);
      const labels = containerLabels(this.#options.runId, {
        leased: await this.#lease.hold(),
        role: relayRole,
      });
      return startRelay(this.#docker, { imageId, labels, network });
    };
  }

  #watchOpener(progress: Progress) {
    return async (namespace: string) => {
      this.#watchImage ??= this.#getImage(watchImage, progress).then(({ Id }) => Id);
      const labels = containerLabels(this.#options.runId, {
        leased: await this.#lease.hold(),
        role: watchRole,
      });
      return startWatch(this.#docker, { imageId: await this.#watchImage, labels, namespace });
    };
  }

  #engineName(): Promise<string> {
    this.#engine ??= engineName(this.#docker, this.#options.runtime);
    this.#engine.catch(() => {
      this.#engine = undefined;
    });
    return this.#engine;
  }

  #remove(running: RunningContainer): void {
    const removal = running.remove().finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }
}

async function engineName(docker: Docker, runtime: string | undefined): Promise<string> {
  try {
    const { Version } = await docker.version();
    return `docker ${Version}${runtime === undefined ? '' : `, ${runtime}`}`;
  } catch (error) {
    throw engineError(error, 'sandbox-failed', 'The container engine did not report its version');
  }
}

async function requireBridge(docker: Docker): Promise<void> {
  const networks = await docker.listNetworks().catch(() => []);
  if (networks.some(({ Name }) => Name === 'bridge')) return;
  throw new ProctorError(
    'sandbox-failed',
    'This task needs a network, but the engine has no "bridge" network to give it (it was started with --bridge=none).',
  );
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ProctorError('interrupted', 'Opening a sandbox was aborted.');
}
