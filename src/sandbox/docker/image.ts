import { basename, dirname, relative, resolve } from 'node:path';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import type { ImageSource } from '../sandbox.ts';
import { engineError } from './engine.ts';
import {
  buildImage,
  contextDigest,
  followProgress,
  type Progress,
  withReplacedBases,
} from './image-build.ts';

/** Finds, builds or pulls images, each one once however many trials use it. */
export function images(docker: Docker) {
  const known = new Map<string, Promise<Docker.ImageInspectInfo>>();
  return {
    get(source: ImageSource, progress: Progress): Promise<Docker.ImageInspectInfo> {
      const key = JSON.stringify(source);
      let found = known.get(key);
      if (!found) {
        found = ensureImage(docker, source, progress);
        found.catch(() => known.delete(key));
        known.set(key, found);
      }
      return found;
    },
  };
}

async function ensureImage(docker: Docker, source: ImageSource, progress: Progress) {
  const image = await ensureWithoutLayer(docker, source, progress);
  if (source.layer === undefined) return image;
  const context = resolve(source.layer);
  const digest = await contextDigest(context, 'Dockerfile');
  const tag = `proctor/${imageName(context)}:${digest.slice(0, 24)}-${image.Id.replace(/^sha256:/, '').slice(0, 24)}`;
  const buildargs = { BASE: image.RepoTags[0] ?? image.Id, BASE_USER: image.Config.User || 'root' };
  return (
    (await inspect(docker, tag)) ??
    buildImage(docker, { context, dockerfile: 'Dockerfile', tag, buildargs }, progress)
  );
}

async function ensureWithoutLayer(docker: Docker, source: ImageSource, progress: Progress) {
  if (source.kind === 'reference') {
    const { reference } = source;
    return (await inspect(docker, reference)) ?? pull(docker, reference, progress);
  }
  const { prebuilt } = source;
  if (prebuilt !== undefined) {
    const found =
      (await inspect(docker, prebuilt)) ?? (await pull(docker, prebuilt, progress).catch(() => undefined));
    if (found) return found;
    progress(`${prebuilt} is not available; its Dockerfile is built instead`);
  }
  const replaced = await withReplacedBases(source);
  try {
    return await ensureBuilt(
      docker,
      { ...source, context: replaced.context },
      imageName(resolve(source.context)),
      progress,
    );
  } finally {
    await replaced.remove();
  }
}

async function ensureBuilt(
  docker: Docker,
  source: Extract<ImageSource, { kind: 'build' }>,
  name: string,
  progress: Progress,
) {
  const context = resolve(source.context);
  const dockerfile = relative(context, resolve(context, source.dockerfile));
  const tag = `proctor/${name}:${await contextDigest(context, dockerfile)}`;
  const { timeoutSec } = source;
  return (
    (await inspect(docker, tag)) ??
    buildImage(
      docker,
      { context, dockerfile, tag, ...(timeoutSec !== undefined && { timeoutSec }) },
      progress,
    )
  );
}

async function inspect(docker: Docker, reference: string) {
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw engineError(error, 'sandbox-failed', `Image ${reference} could not be looked up`);
  }
}

async function pull(docker: Docker, reference: string, progress: Progress) {
  progress(`pulling ${reference}`);
  try {
    const withTag = /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
    await followProgress(docker, await docker.pull(withTag), progress);
    return await docker.getImage(reference).inspect();
  } catch (error) {
    throw new ProctorError(
      'image-unavailable',
      `Image ${reference} is not on this engine and could not be pulled (${messageOf(error)}); ` +
        `pull or load it yourself, or give the environment a Dockerfile.`,
      { cause: error },
    );
  }
}

/** A Harbor task keeps its Dockerfile in `environment/`, so there the task's folder gives the name. */
function imageName(context: string): string {
  const folder = basename(context);
  const name = folder === 'environment' ? basename(dirname(context)) : folder;
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'image'
  );
}
