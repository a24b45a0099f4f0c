import type Docker from 'dockerode';
import type { NewFile } from '../../sandbox.ts';
import type { Mount, ServiceGroup } from '../../service.ts';
import { packFiles } from '../archive.ts';

const inside = '/volume';

/** The named volumes of a group with what they hold at first; undefined where that is what an image has. */
export function volumesOf({ services, main }: ServiceGroup): Map<string, NewFile[] | undefined> {
  const volumes = new Map<string, NewFile[] | undefined>();
  for (const mount of [main, ...services].flatMap(({ mounts }) => mounts))
    if (isNamed(mount)) volumes.set(mount.name, mount.files);
  return volumes;
}

const isNamed = (mount: Mount): mount is Mount & { kind: 'volume'; name: string } =>
  mount.kind === 'volume' && mount.name !== undefined;

/** Makes a volume; what it holds at first is put in through a container that never starts. */
export async function makeVolume(
  docker: Docker,
  {
    name,
    files,
    image,
    labels,
  }: { name: string; files: NewFile[] | undefined; image: string; labels: Record<string, string> },
): Promise<void> {
  await docker.createVolume({ Name: name, Labels: labels });
  if (!files || files.length === 0) return;
  const mount = { Type: 'volume', Source: name, Target: inside, VolumeOptions: { NoCopy: true } };
  const porter = await docker.createContainer({
    Image: image,
    Cmd: ['true'],
    Labels: labels,
    HostConfig: { NetworkMode: 'none', Mounts: [mount as unknown as Docker.MountSettings] },
  });
  try {
    const placed = files.map((file) => ({ ...file, path: `${inside}/${file.path}` }));
    await porter.putArchive(packFiles(placed, [], { uid: 0, gid: 0 }), { path: '/' });
  } finally {
    await porter.remove({ force: true });
  }
}
