import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import { packageRoot } from '../../schema/author-folder.ts';
import type { NetworkAttempt, NetworkMode } from '../../schema/network.ts';
import type { ImageSource, SandboxSpec, SentAttempt } from '../sandbox.ts';
import { attachChannel, talksOverStdin } from './channel.ts';
import { engineError } from './engine.ts';
import { GatewayConnection, type GatewayLine } from './gateway-connection.ts';
import type { RunningGroup } from './service/group.ts';

export interface GatewayRequest {
  imageId: string;
  mode: 'sink' | 'allowlist';
  allow: readonly string[];
  labels: Record<string, string>;
  /** Name servers for allowed names; the engine's own when empty. */
  nameservers: readonly string[];
  /** Whether it keeps running when this process ends. */
  keep: boolean;
  /** What the sandbox reaches without its being an attempt. */
  services?: RunningGroup | undefined;
}

export const gatewayImage: ImageSource = {
  kind: 'build',
  context: join(packageRoot, 'sandbox-images/gateway'),
};

/** The hostname of a sandbox behind a gateway; resolved without a name server. */
const hostname = 'sandbox';

const startTimeoutMs = 20_000;
const settleTimeoutMs = 15_000;

/** Whether a sandbox of this network mode has a gateway. */
export function hasGateway(spec: SandboxSpec): spec is SandboxSpec & { network: GatewayRequest['mode'] } {
  const modes: NetworkMode[] = ['sink', 'allowlist'];
  return modes.includes(spec.network);
}

/** The container whose network a sandbox shares, and which sees all that the sandbox sends. */
export class Gateway {
  readonly name: string;
  readonly #container: Docker.Container;
  readonly #connection: GatewayConnection;
  readonly #defaultVerdict: NetworkAttempt['verdict'];
  #removal: Promise<void> | undefined;

  constructor(name: string, container: Docker.Container, connection: GatewayConnection, sinks: boolean) {
    this.name = name;
    this.#container = container;
    this.#connection = connection;
    this.#defaultVerdict = sinks ? 'sunk' : 'refused';
  }

  get isAlive(): boolean {
    return !this.#connection.isClosed;
  }

  /** What was sent since the last call. Throws `sandbox-failed` where the gateway does not answer. */
  async attempts(): Promise<SentAttempt[]> {
    try {
      const settled = this.#connection.next(settleTimeoutMs);
      this.#connection.send('settle');
      const counted = uncounted(await settled, this.#defaultVerdict);
      return [...this.#connection.takeAttempts(), ...counted];
    } catch (error) {
      const message = `The gateway ${this.name} did not report the network attempts: ${error}`;
      throw new ProctorError('sandbox-failed', message, { cause: error });
    }
  }

  /** Disconnects from it and leaves it running. */
  detach(): void {
    this.#connection.close();
  }

  /** Removes it; never rejects. */
  remove(): Promise<void> {
    this.#removal ??= this.#container
      .remove({ force: true, v: true })
      .catch(() => {})
      .then(() => this.detach());
    return this.#removal;
  }
}

/** Starts a gateway and waits until its firewall is up; leaves nothing behind when it throws `sandbox-failed`. */
export async function startGateway(docker: Docker, request: GatewayRequest): Promise<Gateway> {
  const name = `proctor-gateway-${randomBytes(6).toString('hex')}`;
  let container: Docker.Container | undefined;
  try {
    container = await docker.createContainer({ ...(await gatewayContainer(request)), name });
    const connection = new GatewayConnection(await attachChannel(container));
    await container.start();
    await connection.next(startTimeoutMs);
    // Only now, so that the engine's name servers are those that the gateway found.
    await request.services?.join(container.id, joinedAtStart(request));
    return new Gateway(name, container, connection, request.mode === 'sink');
  } catch (error) {
    await container?.remove({ force: true, v: true }).catch(() => {});
    throw engineError(error, 'sandbox-failed', `The gateway ${name} could not be started`);
  }
}

/** The attempts that the gateway did not report one by one, as one entry. */
function uncounted(line: GatewayLine, verdict: NetworkAttempt['verdict']): SentAttempt[] {
  const times = 'uncounted' in line ? line.uncounted : 0;
  if (times === 0) return [];
  return [{ attempt: { protocol: 'other', verdict, size: 0, times }, payload: Buffer.alloc(0) }];
}

/** The networks of services that it is in from the start: one that lets nothing out can have no other. */
const joinedAtStart = ({ mode, services }: GatewayRequest): string[] =>
  mode === 'sink' && services?.firstNetwork ? [services.firstNetwork.name] : [];

async function gatewayContainer(request: GatewayRequest): Promise<Docker.ContainerCreateOptions> {
  const { imageId, mode, allow, labels, nameservers, keep, services } = request;
  const { hosts = [], subnets = [] } = (await services?.reachable()) ?? {};
  const settings = services?.settings();
  const name = settings?.Hostname ?? hostname;
  const closed = services?.firstNetwork?.own ?? 'none';
  return {
    Image: imageId,
    Cmd: ['python3', '/gateway/main.py', JSON.stringify({ mode, allow, subnets })],
    Hostname: name,
    ...(mode === 'sink' && settings?.NetworkingConfig && { NetworkingConfig: settings.NetworkingConfig }),
    Labels: labels,
    ...talksOverStdin,
    StdinOnce: !keep,
    HostConfig: {
      ExtraHosts: [`${name}:127.0.0.1`, ...hosts],
      NetworkMode: mode === 'sink' ? closed : 'bridge',
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      SecurityOpt: ['no-new-privileges'],
      Memory: 256 * 1024 * 1024,
      MemorySwap: 256 * 1024 * 1024,
      PidsLimit: 64,
      LogConfig: { Type: 'none', Config: {} },
      // Replies of an allowed host arrive on a device that the sandbox's own route does not use.
      ...(mode === 'allowlist' && {
        Sysctls: { 'net.ipv4.conf.all.rp_filter': '0', 'net.ipv4.conf.default.rp_filter': '0' },
        Dns: [...nameservers],
      }),
    },
  };
}
