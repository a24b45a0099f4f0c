import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { attachChannel, talksOverStdin } from './channel.ts';
import { engineError } from './engine.ts';
import { RelayLink } from './relay-link.ts';

export interface RelayRequest {
  /** The gateway's image, which holds the relay's program. */
  imageId: string;
  labels: Record<string, string>;
  /** The container whose network it shares. */
  network: string;
}

/** A container beside a sandbox that listens in its network, where none of its processes can reach it. */
export interface Relay {
  readonly name: string;
  readonly link: RelayLink;
  /** Removes it; never rejects. */
  remove(): Promise<void>;
}

/** Leaves nothing behind when it throws `sandbox-failed`. */
export async function startRelay(docker: Docker, request: RelayRequest): Promise<Relay> {
  const name = `proctor-relay-${randomBytes(6).toString('hex')}`;
  let container: Docker.Container | undefined;
  const remove = async () => {
    await container?.remove({ force: true, v: true }).catch(() => {});
  };
  try {
    container = await docker.createContainer({ ...relayContainer(request), name });
    const link = new RelayLink(await attachChannel(container));
    await container.start();
    return {
      name,
      link,
      remove: () => {
        link.close();
        return remove();
      },
    };
  } catch (error) {
    await remove();
    throw engineError(error, 'sandbox-failed', `The relay ${name} could not be started`);
  }
}

function relayContainer({ imageId, labels, network }: RelayRequest): Docker.ContainerCreateOptions {
  return {
    Image: imageId,
    Cmd: ['python3', '-I', '/gateway/relay.py'],
    User: '65534:65534',
    Labels: labels,
    ...talksOverStdin,
    HostConfig: {
      NetworkMode: `container:${network}`,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: 256 * 1024 * 1024,
      MemorySwap: 256 * 1024 * 1024,
      PidsLimit: 16,
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}
