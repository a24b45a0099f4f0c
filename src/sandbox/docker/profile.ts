import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import type { SandboxSpec } from '../sandbox.ts';
import { type ExecRequest, talksOverStdin } from './channel.ts';
import { initArgv } from './container-init.ts';
import { hasGateway } from './gateway.ts';

/** The agent's user in a hardened sandbox where neither the spec nor the image names one. */
const defaultUser = '1000:1000';

/** The agent's user in an image: the spec's, else the image's own; never root in a hardened sandbox unless the spec says so. */
export function agentUser(spec: SandboxSpec, image: Docker.ImageInspectInfo): string {
  if (spec.user !== undefined) return spec.user;
  const own = image.Config.User;
  if (spec.profile === 'compatible') return own || 'root';
  return own && !/^(root|0)(:|$)/.test(own) ? own : defaultUser;
}

/** A container of the pool may be used for every sandbox of its kind. */
export function containerKind(spec: SandboxSpec, imageId: string, user: string): string {
  const { profile, network, allowedHosts = [], limits } = spec;
  const { memoryMb, cpus, pids } = limits;
  return JSON.stringify([imageId, profile, user, network, allowedHosts, memoryMb, cpus, pids]);
}

/** How an image's ENTRYPOINT is run; tasks from elsewhere may rely on it, while in a hardened sandbox the image is only a file system. */
export function entrypointOf(
  spec: SandboxSpec,
  { Config }: Docker.ImageInspectInfo,
): ExecRequest | undefined {
  const argv = [Config.Entrypoint ?? []].flat();
  if (spec.profile !== 'compatible' || argv.length === 0) return undefined;
  return { argv, user: Config.User || 'root', cwd: Config.WorkingDir || '/', env: spec.env ?? {} };
}

/** What a compose file starts in the sandbox's own container, as the agent's user where the sandbox is hardened. */
export function programOf(
  { services, profile, env = {} }: SandboxSpec,
  { Config }: Docker.ImageInspectInfo,
  agent: string,
): ExecRequest | undefined {
  const argv = services?.main.program;
  if (!argv) return undefined;
  return {
    argv,
    user: profile === 'hardened' ? agent : Config.User || 'root',
    cwd: Config.WorkingDir || '/',
    env,
  };
}

/** The engine's request for a container of this spec, without anything that belongs to one trial. */
export function containerRequest(
  spec: SandboxSpec,
  imageId: string,
  labels: Record<string, string>,
  runtime?: string,
): Docker.ContainerCreateOptions {
  const { limits } = spec;
  if (spec.profile === 'hardened' && spec.network === 'public') {
    throw new ProctorError(
      'unsupported',
      'A hardened sandbox has no public network; use the compatible profile.',
    );
  }
  return {
    Image: imageId,
    Entrypoint: [initArgv[0] as string],
    Cmd: initArgv.slice(1),
    User: '0:0',
    WorkingDir: '/',
    Labels: labels,
    ...talksOverStdin,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: spec.network === 'public' ? 'bridge' : 'none',
      ...(runtime !== undefined && { Runtime: runtime }),
      Memory: limits.memoryMb * 1024 * 1024,
      MemorySwap: limits.memoryMb * 1024 * 1024,
      NanoCpus: Math.round(limits.cpus * 1e9),
      PidsLimit: limits.pids,
      LogConfig: { Type: 'none', Config: {} },
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      ...(spec.profile === 'hardened' ? hardened : hasGateway(spec) ? withoutRawPackets : {}),
    },
  };
}

/**
 * Only the harness is root in a hardened container: it may kill the agent's processes and access the agent's files. Processes
 * of other users have none of these capabilities, and can't gain any.
 */
const hardened = {
  CapDrop: ['ALL'],
  CapAdd: ['KILL', 'DAC_OVERRIDE', 'CHOWN', 'FOWNER'],
  SecurityOpt: ['no-new-privileges'],
} satisfies Docker.HostConfig;

/** A process that may send raw packets could bypass the gateway. */
const withoutRawPackets = { CapDrop: ['NET_RAW'] } satisfies Docker.HostConfig;
