import { basename, dirname, relative, resolve } from 'node:path';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import type { ImageSource } from '../sandbox.ts';
import { contextDigest } from './context-digest.ts';
import { engineError } from './engine.ts';

type Progress = (line: string) => void;

/** Finds, builds or pulls images, each one once however many trials ask. */
export interface Images {
  get(source: ImageSource, progress: Progress): Promise<Docker.ImageInspectInfo>;
}

export function images(docker: Docker): Images {
  const known = new Map<string, Promise<Docker.ImageInspectInfo>>();
  return {
    get: (source, progress) => {
      const key = JSON.stringify(source);
      let found = known.get(key);
      if (!found) {
        found = ensure(docker, source, progress);
        found.catch(() => known.delete(key));
        known.set(key, found);
      }
      return found;
    },
  };
}

async function ensure(docker: Docker, source: ImageSource, progress: Progress) {
  if (source.kind === 'reference') {
    const { reference } = source;
    return (await inspect(docker, reference)) ?? pull(docker, reference, progress);
  }
  const context = resolve(source.context);
  const dockerfile = relative(context, resolve(context, source.dockerfile));
  const tag = `proctor/${imageName(context)}:${await contextDigest(context, dockerfile)}`;
  return (await inspect(docker, tag)) ?? build(docker, context, dockerfile, tag, progress);
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

async function build(docker: Docker, context: string, dockerfile: string, tag: string, progress: Progress) {
  progress(`building ${tag.slice(0, -52)} from ${context}`);
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    progress(line);
  };
  try {
    const options = { t: tag, dockerfile, networkmode: 'host', rm: true, forcerm: true };
    await followProgress(docker, await docker.buildImage({ context, src: ['.'] }, options), keep);
    return await docker.getImage(tag).inspect();
  } catch (error) {
    const tail = lines.slice(-8).join(' | ');
    throw new ProctorError(
      'image-build-failed',
      `The image of ${context} did not build: ${messageOf(error)}${tail && `; last lines: ${tail}`}`,
      { cause: error },
    );
  }
}

interface EngineMessage {
  stream?: string;
  status?: string;
  error?: string;
}

/** Passes the engine's messages on as lines and rejects with its error message, if any. */
async function followProgress(docker: Docker, stream: NodeJS.ReadableStream, progress: Progress) {
  await new Promise<void>((done, failed) => {
    docker.modem.followProgress(
      stream,
      (error, messages: EngineMessage[]) => {
        const message = messages?.find(({ error: text }) => text)?.error;
        if (error ?? message) failed(error ?? new Error(message));
        else done();
      },
      ({ stream: text, status }: EngineMessage) => {
        for (const line of (text ?? status ?? '').split('\n')) if (line.trim()) progress(line.trimEnd());
      },
    );
  });
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
