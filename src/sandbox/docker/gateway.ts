import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import { packageRoot } from '../../schema/author-folder.ts';
import type { NetworkAttempt, NetworkMode } from '../../schema/network.ts';
import type { ImageSource, SandboxSpec, SentAttempt } from '../sandbox.ts';
import { attachChannel } from './channel.ts';
import { engineError } from './engine.ts';
import { type GatewayConnection, type GatewayLine, gatewayConnection } from './gateway-connection.ts';

/** The container whose network a sandbox shares, and which sees all that the sandbox sends. */
export interface Gateway {
  readonly name: string;
  /** What was sent since the last time it was asked. Throws `sandbox-failed` where it does not tell. */
  attempts(): Promise<SentAttempt[]>;
  readonly isAlive: boolean;
  /** Ends the conversation with it and leaves it running. */
  release(): void;
  /** Removes it; never rejects. */
  remove(): Promise<void>;
}

export interface GatewayRequest {
  imageId: string;
  mode: 'sink' | 'allowlist';
  allow: readonly string[];
  labels: Record<string, string>;
  /** Name servers that it asks for allowed names; the engine's own when empty. */
  nameservers: readonly string[];
  /** Whether it goes on when this process ends. */
  keep: boolean;
}

export const gatewayImage: ImageSource = {
  kind: 'build',
  context: join(packageRoot, 'sandbox-images/gateway'),
  dockerfile: join(packageRoot, 'sandbox-images/gateway/Dockerfile'),
};

/** What a sandbox behind a gateway is called; found without asking anybody. */
const hostname = 'sandbox';

const startMs = 20_000;
const settleMs = 15_000;

/** Whether a sandbox of this network mode has a gateway. */
export function hasGateway(spec: SandboxSpec): spec is SandboxSpec & { network: GatewayRequest['mode'] } {
  const modes: NetworkMode[] = ['sink', 'allowlist'];
  return modes.includes(spec.network);
}

/** Starts a gateway and waits until its wall stands; leaves nothing behind when it throws `sandbox-failed`. */
export async function startGateway(docker: Docker, request: GatewayRequest): Promise<Gateway> {
  const name = `proctor-gateway-${randomBytes(6).toString('hex')}`;
  let container: Docker.Container | undefined;
  try {
    container = await docker.createContainer({ ...gatewayContainer(request), name });
    const channel = await attachChannel(container);
    const talk = gatewayConnection(channel);
    await container.start();
    await talk.next((line) => 'ready' in line, startMs);
    return gateway(container, name, talk, request.mode === 'sink' ? 'sunk' : 'refused');
  } catch (error) {
    await container?.remove({ force: true, v: true }).catch(() => {});
    throw engineError(error, 'sandbox-failed', `The gateway ${name} could not be started`);
  }
}

function gateway(
  container: Docker.Container,
  name: string,
  talk: GatewayConnection,
  usualVerdict: NetworkAttempt['verdict'],
): Gateway {
  let removal: Promise<void> | undefined;
  return {
    name,
    get isAlive() {
      return !talk.isOver;
    },
    attempts: async () => {
      try {
        const settled = talk.next((line) => 'settled' in line, settleMs);
        talk.say('settle');
        const counted = uncounted(await settled, usualVerdict);
        return [...talk.take(), ...counted];
      } catch (error) {
        throw new ProctorError('sandbox-failed', `The gateway ${name} does not tell what it saw: ${error}`, {
          cause: error,
        });
      }
    },
    release: talk.end,
    remove: () => {
      removal ??= (async () => {
        await container.remove({ force: true, v: true }).catch(() => {});
        talk.end();
      })();
      return removal;
    },
  };
}

function uncounted(line: GatewayLine, verdict: NetworkAttempt['verdict']): SentAttempt[] {
  const times = 'uncounted' in line ? line.uncounted : 0;
  if (times === 0) return [];
  return [{ attempt: { protocol: 'other', verdict, size: 0, times }, payload: Buffer.alloc(0) }];
}

function gatewayContainer(request: GatewayRequest): Docker.ContainerCreateOptions {
  const { imageId, mode, allow, labels, nameservers, keep } = request;
  return {
    Image: imageId,
    Cmd: ['python3', '/gateway/main.py', JSON.stringify({ mode, allow })],
    Hostname: hostname,
    Labels: labels,
    Tty: false,
    OpenStdin: true,
    StdinOnce: !keep,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      ExtraHosts: [`${hostname}:127.0.0.1`],
      NetworkMode: mode === 'sink' ? 'none' : 'bridge',
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      SecurityOpt: ['no-new-privileges'],
      Memory: 256 * 1024 * 1024,
      MemorySwap: 256 * 1024 * 1024,
      PidsLimit: 64,
      LogConfig: { Type: 'none', Config: {} },
      // What comes back from an allowed host comes by a device that the trial's own way does not lead to.
      ...(mode === 'allowlist' && {
        Sysctls: { 'net.ipv4.conf.all.rp_filter': '0', 'net.ipv4.conf.default.rp_filter': '0' },
        Dns: [...nameservers],
      }),
    },
  };
}
