import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import type { SandboxCapability, SandboxProvider, SandboxSpec } from '../sandbox.ts';
import { type RunningContainer, startContainer } from './container.ts';
import { containerLabels, gatewayRole, reapContainers } from './container-label.ts';
import { connectEngine, engineError } from './engine.ts';
import { ownershipOf, putFiles } from './files.ts';
import { type GatewayRequest, gatewayImage, hasGateway, startGateway } from './gateway.ts';
import { images } from './image.ts';
import { ContainerPool } from './pool.ts';
import { agentUser, containerKind, containerRequest } from './profile.ts';
import { DockerSandbox } from './sandbox.ts';

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

const capabilities: SandboxCapability[] = ['kernel', 'spawn', 'users', 'image', 'background', 'network'];

/** Runtimes that leave the network to the kernel, where a gateway can intercept it. */
const kernelRuntimes = ['runc', 'io.containerd.runc.v2', 'io.containerd.runtime.v1.linux', 'crun'];

/** Sandboxes as containers of any Docker-compatible engine. Does not connect to the engine until it is used. */
export function dockerProvider(options: DockerProviderOptions): SandboxProvider {
  const { runId, poolSize = 1, keep = false, runtime, log = () => {} } = options;
  const docker = connectEngine();
  const imageStore = images(docker);
  const waiting = new ContainerPool(poolSize);
  const removals = new Set<Promise<void>>();
  let engine: Promise<string> | undefined;

  const engineOnce = (): Promise<string> => {
    engine ??= engineName(docker, runtime);
    engine.catch(() => {
      engine = undefined;
    });
    return engine;
  };
  const plan = async (spec: SandboxSpec, progress: (line: string) => void) => {
    const engine = await engineOnce();
    const image = await imageStore.get(spec.image, progress);
    const user = agentUser(spec, image);
    const request = containerRequest(spec, image.Id, containerLabels(runId, keep), runtime);
    if (keep) request.StdinOnce = false;
    if (spec.network === 'public' || spec.network === 'allowlist') await requireBridge(docker);
    const openGateway = hasGateway(spec) ? await gatewayOpener(spec, progress) : undefined;
    return {
      info: {
        provider: 'docker' as const,
        profile: spec.profile,
        imageId: image.Id,
        engine,
        user,
        workdir: spec.workdir,
      },
      kind: containerKind(spec, image.Id, user),
      start: () => startContainer(docker, request, user, openGateway),
    };
  };
  const gatewayOpener = async (
    { network, allowedHosts = [] }: SandboxSpec & { network: GatewayRequest['mode'] },
    progress: (line: string) => void,
  ) => {
    const { Id: imageId } = await imageStore.get(gatewayImage, progress);
    const labels = containerLabels(runId, keep, gatewayRole);
    const { nameservers = [] } = options;
    return () =>
      startGateway(docker, { imageId, mode: network, allow: allowedHosts, labels, nameservers, keep });
  };
  const remove = (running: RunningContainer) => {
    const removal = running.remove().finally(() => removals.delete(removal));
    removals.add(removal);
  };

  return {
    name: 'docker',
    capabilities: new Set(
      capabilities.filter((one) => one !== 'network' || kernelRuntimes.includes(runtime ?? 'runc')),
    ),
    prepare: async (spec, progress) => {
      const { kind, start } = await plan(spec, progress);
      await waiting.fill(kind, start);
    },
    programOf: async (image, progress) => {
      const { Entrypoint, Cmd, WorkingDir } = (await imageStore.get(image, progress)).Config;
      const argv = [Entrypoint ?? [], Cmd ?? []].flat();
      return { argv, ...(WorkingDir && { cwd: WorkingDir }) };
    },
    open: async (spec, signal) => {
      throwIfAborted(signal);
      const { info, kind, start } = await plan(spec, log);
      const running = await waiting.take(kind, start);
      try {
        throwIfAborted(signal);
        const agent = await ownershipOf(running, info.user);
        await putFiles(running, spec.files, [spec.workdir], agent);
        throwIfAborted(signal);
        log(`trial ${spec.labels.trial} has container ${running.name}`);
        const parts = { running, spec, info, agent, canDetach: keep };
        return new DockerSandbox({ ...parts, remove: () => remove(running) });
      } catch (error) {
        await running.remove();
        throw error;
      } finally {
        // Only now, so that starting the next container does not slow this one down.
        void waiting.fill(kind, start);
      }
    },
    reap: (what) => reapContainers(docker, what),
    close: async () => {
      await waiting.close();
      await Promise.all(removals);
    },
  };
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
