import { basename, dirname, resolve } from 'node:path';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import type { ImageSource } from '../sandbox.ts';
import { engineError } from './engine.ts';
import {
  type BuildRequest,
  buildImage,
  contextDigest,
  followProgress,
  type Progress,
  withReplacedBases,
} from './image-build.ts';

type GetImage = (source: ImageSource, progress: Progress) => Promise<Docker.ImageInspectInfo>;

/** Finds, builds or pulls images, each one once however many trials use it. */
export function imagesOf(docker: Docker): GetImage {
  const known = new Map<string, ReturnType<GetImage>>();
  return (source, progress) => {
    const key = JSON.stringify(source);
    const found = known.get(key) ?? ensureImage(docker, source, progress);
    known.set(key, found);
    found.catch(() => known.delete(key));
    return found;
  };
}

async function ensureImage(docker: Docker, source: ImageSource, progress: Progress) {
  const image = await ensureWithoutLayer(docker, source, progress);
  if (source.layer === undefined) return image;
  const context = resolve(source.layer);
  const digest = await contextDigest(context);
  const tag = `${repositoryOf(context)}:${digest.slice(0, 24)}-${image.Id.replace(/^sha256:/, '').slice(0, 24)}`;
  const buildargs = { BASE: image.RepoTags[0] ?? image.Id, BASE_USER: image.Config.User || 'root' };
  return ensureBuilt(docker, { context, tag, buildargs }, progress);
}

async function ensureWithoutLayer(docker: Docker, source: ImageSource, progress: Progress) {
  if (source.kind === 'reference') {
    const { reference } = source;
    return (await inspect(docker, reference)) ?? pull(docker, reference, progress);
  }
  const { prebuilt, timeoutSec, bases = {} } = source;
  if (prebuilt !== undefined) {
    const found =
      (await inspect(docker, prebuilt)) ?? (await pull(docker, prebuilt, progress).catch(() => undefined));
    if (found) return found;
    progress(`${prebuilt} is not available; its Dockerfile is built instead`);
  }
  const { context, remove } = await withReplacedBases(resolve(source.context), bases);
  try {
    const tag = `${repositoryOf(resolve(source.context))}:${await contextDigest(context)}`;
    return await ensureBuilt(docker, { context, tag, timeoutSec }, progress);
  } finally {
    await remove();
  }
}

async function ensureBuilt(docker: Docker, request: BuildRequest, progress: Progress) {
  return (await inspect(docker, request.tag)) ?? buildImage(docker, request, progress);
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
function repositoryOf(context: string): string {
  const folder = basename(context);
  const name = folder === 'environment' ? basename(dirname(context)) : folder;
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `proctor/${letters.replaceAll(/^-|-$/g, '') || 'image'}`;
}
