import Docker from 'dockerode';

/** A bare container that does nothing until it is removed. */
export interface BareContainer {
  container: Docker.Container;
  remove(): Promise<void>;
}

/** The engine's least: create and start. */
export async function startBare(image: string): Promise<BareContainer> {
  const container = await new Docker().createContainer({
    Image: image,
    Cmd: ['sleep', 'infinity'],
    HostConfig: { NetworkMode: 'none' },
    Labels: { 'proctor-bench': '1' },
  });
  await container.start();
  return { container, remove: () => container.remove({ force: true, v: true }) };
}
