import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import { attachChannel, type Channel, execChannel } from './channel.ts';
import { type ContainerInit, containerInit } from './container-init.ts';
import { engineError } from './engine.ts';
import type { Gateway } from './gateway.ts';
import { supervisorArgv } from './shell-stream.ts';

/** A started container with its init, and nothing of a trial in it yet. */
export interface RunningContainer {
  readonly name: string;
  readonly container: Docker.Container;
  readonly init: ContainerInit;
  /** Where all that it sends goes; absent where it has no network, or the engine's. */
  readonly gateway?: Gateway;
  /** Starts a resident shell's supervisor; the agent's first one is started with the container. */
  supervisor(user: string): Promise<Channel>;
  /** Why it no longer runs; undefined while it does. */
  death(): Promise<string | undefined>;
  /** Throws `sandbox-broken` where it no longer runs, otherwise `error` as the engine's failure. */
  failure(error: unknown, what: string): Promise<ProctorError>;
  /** Ends the conversation with its main process and leaves it to itself. */
  release(): void;
  /** Removes it; never rejects. */
  remove(): Promise<void>;
}

/** Creates and starts a container, behind a gateway where one is to be opened; leaves nothing behind when it throws. */
export async function startContainer(
  docker: Docker,
  request: Docker.ContainerCreateOptions,
  agent: string,
  openGateway?: () => Promise<Gateway>,
): Promise<RunningContainer> {
  const name = `proctor-${randomBytes(6).toString('hex')}`;
  const gateway = await openGateway?.();
  let container: Docker.Container | undefined;
  try {
    container = await docker.createContainer({ ...behind(gateway, request), name });
    const channel = await attachChannel(container);
    await container.start();
    return running(container, name, containerInit(channel), agent, gateway);
  } catch (error) {
    await container?.remove({ force: true, v: true }).catch(() => {});
    await gateway?.remove();
    throw engineError(error, 'sandbox-failed', 'The container could not be started');
  }
}

function behind(
  gateway: Gateway | undefined,
  request: Docker.ContainerCreateOptions,
): Docker.ContainerCreateOptions {
  if (!gateway) return request;
  return { ...request, HostConfig: { ...request.HostConfig, NetworkMode: `container:${gateway.name}` } };
}

function running(
  container: Docker.Container,
  name: string,
  init: ContainerInit,
  agent: string,
  gateway: Gateway | undefined,
): RunningContainer {
  let removal: Promise<void> | undefined;
  const start = async (user: string) =>
    (await execChannel(container, { argv: supervisorArgv, user, cwd: '/' })).channel;
  let first: Promise<Channel> | undefined = start(agent);
  first.catch(() => {});

  const death = async () => {
    if (removal) return 'it was closed';
    if (!init.channel.isClosed) return undefined;
    return container.inspect().then(
      ({ State }) =>
        State.OOMKilled
          ? 'it ran out of memory'
          : `its main process ended with exit code ${State.ExitCode}${State.Error ? ` (${State.Error})` : ''}`,
      () => 'the container is gone',
    );
  };

  return {
    name,
    container,
    init,
    ...(gateway && { gateway }),
    death,
    supervisor: (user) => {
      const early = user === agent ? first : undefined;
      if (early) first = undefined;
      return early ?? start(user);
    },
    failure: async (error, what) => {
      const reason = await death();
      if (reason) return new ProctorError('sandbox-broken', `Sandbox ${name} is dead: ${reason}.`);
      return engineError(error, 'sandbox-failed', what);
    },
    release: () => {
      removal ??= Promise.resolve();
      init.channel.destroy();
      gateway?.release();
    },
    remove: () => {
      removal ??= (async () => {
        await container.remove({ force: true, v: true }).catch(() => {});
        await gateway?.remove();
        init.channel.destroy();
      })();
      return removal;
    },
  };
}
