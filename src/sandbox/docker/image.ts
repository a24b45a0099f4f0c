import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import { isFolder, packageRoot } from '../../schema/author-folder.ts';
import type { ImageSource } from '../sandbox.ts';
import { type BuildContext, contextDigest, readContext } from './build-context.ts';
import { imagesUsed, parseDockerfile, replaceBases } from './dockerfile.ts';
import { engineError } from './engine.ts';
import { buildImage, followProgress, type Progress } from './image-build.ts';
import { ensureProgramImage } from './program-image.ts';

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
  let image = await ensureWithoutLayer(docker, source, progress);
  for (const layer of [source.layer, source.agentLayer]) {
    if (layer === undefined) continue;
    const folder = resolve(layer);
    const program = await ensureProgramImage(docker, folder, repositoryOf(folder), progress);
    const buildargs = {
      BASE: image.RepoTags[0] ?? image.Id,
      BASE_USER: image.Config.User || 'root',
      ...(program !== undefined && { PACKAGES: program }),
    };
    image = await ensureBuilt(docker, { folder, buildargs }, progress);
  }
  return image;
}

async function ensureWithoutLayer(docker: Docker, source: ImageSource, progress: Progress) {
  if (source.kind === 'reference') return present(docker, source.reference, progress);
  const { prebuilt, timeoutSec, bases, dockerfile, args: buildargs, target } = source;
  if (prebuilt !== undefined) {
    const found = await present(docker, prebuilt, progress).catch(() => undefined);
    if (found) return found;
    progress(`${prebuilt} is not available; its Dockerfile is built instead`);
  }
  const wanted = { folder: resolve(source.context), bases, timeoutSec, dockerfile, buildargs, target };
  return ensureBuilt(docker, wanted, progress);
}

interface Wanted {
  /** Holds the Dockerfile. */
  folder: string;
  /** Base image as the Dockerfile names it → the one used instead. */
  bases?: Record<string, string> | undefined;
  buildargs?: Record<string, string> | undefined;
  /** Its path in the folder; `Dockerfile` when absent. */
  dockerfile?: string | undefined;
  target?: string | undefined;
  timeoutSec?: number | undefined;
}

/** The label of a built image that holds the ids of what it was built from, by name, as JSON. */
const basesLabel = 'proctor.bases';

/** What a built image was built from: reference → content id; undefined for others. */
export function basesOf({ Config }: Docker.ImageInspectInfo): Record<string, string> | undefined {
  const label = Config.Labels?.[basesLabel];
  return label === undefined ? undefined : JSON.parse(label);
}

/** An image is known by its context and by what it is built from, so that a tag that names another image now is noticed. */
async function ensureBuilt(
  docker: Docker,
  { folder, bases = {}, buildargs, dockerfile: file, target, timeoutSec }: Wanted,
  progress: Progress,
): Promise<Docker.ImageInspectInfo> {
  const read = await readContext(folder, file);
  const shared = await ensureShared(docker, read, progress);
  const context = { ...read, dockerfile: replaceBases(read.dockerfile, { ...shared, ...bases }) };
  const dockerfile = parseDockerfile(context.dockerfile);
  const ids: Record<string, string> = {};
  const absent: string[] = [];
  for (const image of imagesUsed(dockerfile, buildargs)) {
    const found = await present(docker, image, progress).catch(() => undefined);
    if (found) ids[image] = found.Id;
    else absent.push(image);
  }
  const name = `${repositoryOf(folder)}:${(await contextDigest(context)).slice(0, 48)}`;
  const earlier = absent.length === 0 ? undefined : await newestOf(docker, name);
  if (earlier) {
    progress(`${absent.join(', ')} can't be had; what was built of it earlier is used`);
    return earlier;
  }
  const tag = `${name}-${sha256(JSON.stringify([ids, buildargs ?? {}, ...(target === undefined ? [] : [target])])).slice(0, 24)}`;
  const labels = { [basesLabel]: JSON.stringify(ids) };
  const request = { context, dockerfile, tag, labels, timeoutSec, buildargs, target };
  return (await inspect(docker, tag)) ?? buildImage(docker, request, progress);
}

/** Builds the folders of sandbox-images/ that a Dockerfile starts from by `FROM sandbox-images/NAME`; gives their tags. */
async function ensureShared(
  docker: Docker,
  { folder, dockerfile }: BuildContext,
  progress: Progress,
): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const image of imagesUsed(parseDockerfile(dockerfile))) {
    const [, name] = /^sandbox-images\/([\w.-]+)$/.exec(image) ?? [];
    if (name === undefined) continue;
    const places = [dirname(dirname(folder)), packageRoot].map((root) => join(root, 'sandbox-images', name));
    const found = places.find(isFolder);
    if (found === undefined)
      throw new ProctorError(
        'bad-file',
        `${folder}/Dockerfile starts from ${image}; expected a folder ${places.join(' or ')}`,
      );
    const [tag] = (await ensureBuilt(docker, { folder: found }, progress)).RepoTags;
    if (tag !== undefined) tags[image] = tag;
  }
  return tags;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The newest image that was built from the same context. */
async function newestOf(docker: Docker, name: string) {
  const images = await docker.listImages({ filters: { reference: [`${name}-*`] } });
  // The list tells seconds only.
  const whole = await Promise.all(images.map(({ Id }) => inspect(docker, Id)));
  const [newest] = whole.flatMap((one) => one ?? []).sort((a, b) => (a.Created < b.Created ? 1 : -1));
  return newest;
}

async function present(docker: Docker, reference: string, progress: Progress) {
  return (await inspect(docker, reference)) ?? pull(docker, reference, progress);
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
