import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import { packageRoot } from '../../schema/author-folder.ts';
import type { ImageSource } from '../sandbox.ts';
import { attachChannel, talksOverStdin } from './channel.ts';
import { engineError } from './engine.ts';
import { ProgramWatch } from './program-watch.ts';

export const watchImage: ImageSource = {
  kind: 'build',
  context: join(packageRoot, 'sandbox-images/exec-watch'),
};

/** What it takes to watch, least first: older engines do not know the names of the first. */
const capabilities = [['BPF', 'PERFMON'], ['SYS_ADMIN']];

export interface WatchRequest {
  imageId: string;
  labels: Record<string, string>;
  /** The number of the namespace of processes of the sandbox. */
  namespace: string;
}

/** A container beside a sandbox, and out of its reach, that has the kernel tell of every program that is started in it. */
export interface WatchContainer {
  readonly watch: ProgramWatch;
  /** Removes it; never rejects. */
  remove(): Promise<void>;
}

/** Waits until it watches; leaves nothing behind when it throws `sandbox-failed`. */
export async function startWatch(docker: Docker, request: WatchRequest): Promise<WatchContainer> {
  const reasons: string[] = [];
  for (const allowed of capabilities) {
    try {
      return await startWith(docker, request, allowed);
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new ProctorError('sandbox-failed', reasons.at(-1) ?? '');
}

async function startWith(docker: Docker, request: WatchRequest, allowed: string[]): Promise<WatchContainer> {
  const name = `proctor-watch-${randomBytes(6).toString('hex')}`;
  let container: Docker.Container | undefined;
  const remove = async () => {
    await container?.remove({ force: true, v: true }).catch(() => {});
  };
  try {
    container = await docker.createContainer({ ...watchContainer(request, allowed), name });
    const watch = new ProgramWatch(await attachChannel(container));
    await container.start();
    await watch.ready();
    return {
      watch,
      remove: () => {
        watch.close();
        return remove();
      },
    };
  } catch (error) {
    await remove();
    throw engineError(error, 'sandbox-failed', 'programs are not watched');
  }
}

function watchContainer(
  { imageId, labels, namespace }: WatchRequest,
  allowed: string[],
): Docker.ContainerCreateOptions {
  return {
    Image: imageId,
    Cmd: ['/exec-watch', namespace],
    User: '0:0',
    Labels: labels,
    ...talksOverStdin,
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: allowed,
      SecurityOpt: ['no-new-privileges'],
      Memory: 128 * 1024 * 1024,
      MemorySwap: 128 * 1024 * 1024,
      PidsLimit: 8,
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}
