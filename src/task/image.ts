import { substituteImage } from '../sandbox/image-map.ts';
import type { ImageSource } from '../sandbox/sandbox.ts';
import type { Phase, Task } from './task.ts';

/** How the images of tasks are changed, where a machine can't have them as they are. */
export interface ImageChanges {
  /** Image → the one that is taken in its place. */
  map: Record<string, string>;
  /** A folder with a Dockerfile that is built over each of them. */
  layer?: string;
}

/** A task that brings its own image, with the changes asked for; another one as it is. */
export function withImages(task: Task, { map, layer }: ImageChanges): Task {
  if (!task.image) return task;
  const substituted = (source: ImageSource): ImageSource =>
    source.kind === 'reference'
      ? { ...source, reference: substituteImage(source.reference, map) }
      : { ...source, ...mapped(source, map) };
  const changed = (source: ImageSource): ImageSource => ({
    ...substituted(source),
    ...(layer !== undefined && { layer }),
  });
  const [first, ...later] = task.phases;
  const ofPhase = (phase: Phase): Phase => {
    const { verifierEnvironment: own } = phase;
    return own ? { ...phase, verifierEnvironment: { ...own, image: changed(own.image) } } : phase;
  };
  const services = task.services && {
    ...task.services,
    services: task.services.services.map((one) => ({ ...one, image: substituted(one.image) })),
  };
  return {
    ...task,
    image: changed(task.image),
    ...(services && { services }),
    phases: [ofPhase(first), ...later.map(ofPhase)],
  };
}

function mapped({ prebuilt }: Extract<ImageSource, { kind: 'build' }>, map: Record<string, string>) {
  return {
    ...(Object.keys(map).length > 0 && { bases: map }),
    ...(prebuilt !== undefined && { prebuilt: substituteImage(prebuilt, map) }),
  };
}
