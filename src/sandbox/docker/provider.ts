import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import type { SandboxCapability, SandboxProvider, SandboxSpec } from '../sandbox.ts';
import { type RunningContainer, startContainer } from './container.ts';
import { dockerSandbox } from './docker-sandbox.ts';
import { connectEngine, engineError } from './engine.ts';
import { putFiles } from './files.ts';
import { type GatewayRequest, gatewayImage, hasGateway, startGateway } from './gateway.ts';
import { images } from './image.ts';
import { containerLabels, gatewayRole } from './label.ts';
import { ownershipOf } from './ownership.ts';
import { pool } from './pool.ts';
import { agentUser, containerKey, containerRequest } from './profile.ts';
import { reapContainers } from './reaper.ts';

export { engineAnswers } from './engine.ts';

export interface DockerProviderOptions {
  /** Put on every container, so that the leftovers of a run can be found. */
  runId: string;
  /** How many started containers wait for a trial; as many as trials run at a time is a good number. 0 turns it off. */
  poolSize?: number;
  /** Makes sandboxes that can be left running when this process ends. */
  keep?: boolean;
  /** Runtime of the engine, such as "runsc"; the engine's own choice when absent. */
  runtime?: string;
  /** Name servers that gateways ask for allowed names; the engine's own when absent. */
  nameservers?: string[];
  log?: (line: string) => void;
}

const capabilities: SandboxCapability[] = ['kernel', 'spawn', 'users', 'image', 'background', 'network'];

/** Runtimes that leave the network to the kernel, where a gateway can stand in its way. */
const kernelRuntimes = ['runc', 'io.containerd.runc.v2', 'io.containerd.runtime.v1.linux', 'crun'];

/** Sandboxes as containers of any Docker-compatible engine. Does not touch the engine until it is used. */
export function dockerProvider(options: DockerProviderOptions): SandboxProvider {
  const { runId, poolSize = 1, keep = false, runtime, nameservers = [], log = () => {} } = options;
  const docker = connectEngine();
  const imageStore = images(docker);
  const waiting = pool(poolSize);
  const removals = new Set<Promise<void>>();
  let engine: Promise<string> | undefined;

  const plan = async (spec: SandboxSpec, progress: (line: string) => void) => {
    engine ??= engineName(docker, runtime);
    engine.catch(() => {
      engine = undefined;
    });
    await engine;
    const image = await imageStore.get(spec.image, progress);
    const user = agentUser(spec, image);
    const request = containerRequest(spec, image.Id, containerLabels(runId, keep), runtime);
    if (keep) request.StdinOnce = false;
    if (spec.network === 'public' || spec.network === 'allowlist') await requireBridge(docker);
    const openGateway = hasGateway(spec) ? await gatewayOpener(spec, progress) : undefined;
    return {
      image,
      user,
      key: containerKey(spec, image.Id, user),
      start: () => startContainer(docker, request, user, openGateway),
    };
  };
  const gatewayOpener = async (
    { network, allowedHosts = [] }: SandboxSpec & { network: GatewayRequest['mode'] },
    progress: (line: string) => void,
  ) => {
    const { Id: imageId } = await imageStore.get(gatewayImage, progress);
    const labels = containerLabels(runId, keep, gatewayRole);
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
      const { key, start } = await plan(spec, progress);
      await waiting.fill(key, start);
    },
    programOf: async (image, progress) => {
      const { Entrypoint, Cmd, WorkingDir } = (await imageStore.get(image, progress)).Config;
      const argv = [Entrypoint ?? [], Cmd ?? []].flat();
      return { argv, ...(WorkingDir && { cwd: WorkingDir }) };
    },
    open: async (spec, signal) => {
      throwIfCalledOff(signal);
      const { image, user, key, start } = await plan(spec, log);
      const running = await waiting.take(key, start);
      try {
        throwIfCalledOff(signal);
        const agent = await ownershipOf(running, user);
        await putFiles(running, spec.files, [spec.workdir], agent);
        throwIfCalledOff(signal);
        log(`trial ${spec.labels.trial} has container ${running.name}`);
        const info = {
          provider: 'docker' as const,
          profile: spec.profile,
          imageId: image.Id,
          engine: (await engine) as string,
          user,
          workdir: spec.workdir,
        };
        const sandbox = dockerSandbox(running, spec, info, agent, () => remove(running));
        const { detach: _, ...removable } = sandbox;
        return keep ? sandbox : removable;
      } catch (error) {
        await running.remove();
        throw error;
      } finally {
        // Only now, so that starting the next container does not slow this one down.
        void waiting.fill(key, start);
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
    throw engineError(error, 'sandbox-failed', 'The container engine did not tell its version');
  }
}

async function requireBridge(docker: Docker): Promise<void> {
  const networks = await docker.listNetworks().catch(() => []);
  if (networks.some(({ Name }) => Name === 'bridge')) return;
  throw new ProctorError(
    'sandbox-failed',
    'This task wants a network, but the engine has no "bridge" network to give it (it was started with --bridge=none).',
  );
}

function throwIfCalledOff(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ProctorError('interrupted', 'Opening a sandbox was called off.');
}
