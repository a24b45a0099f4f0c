import { addAbortSignal, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import { type BuildContext, packContext } from './build-context.ts';
import { planBuild } from './builder.ts';
import type { Dockerfile } from './dockerfile.ts';

export type Progress = (line: string) => void;

export interface BuildRequest {
  context: BuildContext;
  /** The context's Dockerfile, read. */
  dockerfile: Dockerfile;
  tag: string;
  labels: Record<string, string>;
  buildargs?: Record<string, string> | undefined;
  target?: string | undefined;
  timeoutSec?: number | undefined;
}

/** Builds an image. The engine's work is ended, by hanging up, where it takes longer than allowed. */
export async function buildImage(
  docker: Docker,
  { context, dockerfile, tag, labels, buildargs, target, timeoutSec }: BuildRequest,
  progress: Progress,
) {
  const { folder } = context;
  const plan = planBuild(dockerfile, await docker.version(), folder);
  progress(`building ${tag.replace(/(:.{12}).*/, '$1')} from ${folder}`);
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    progress(line);
  };
  const tooLong = timeoutSec === undefined ? undefined : AbortSignal.timeout(timeoutSec * 1000);
  const options = {
    ...{ t: tag, dockerfile: context.name, networkmode: 'host', rm: true, forcerm: true, labels },
    ...plan.options,
    ...(target !== undefined && { target }),
  };
  try {
    const archive = packContext({ ...context, dockerfile: plan.dockerfile }, plan.files);
    const messages = await docker.buildImage(archive, { ...options, ...(buildargs && { buildargs }) });
    if (tooLong) addAbortSignal(tooLong, messages as Readable);
    await followProgress(docker, messages, keep);
    return await docker.getImage(tag).inspect();
  } catch (error) {
    const why = tooLong?.aborted ? `it took longer than ${timeoutSec} s` : messageOf(error);
    const tail = lines.slice(-8).join(' | ');
    throw new ProctorError(
      'image-build-failed',
      plan.unsupported(why) ??
        `The image of ${folder} did not build: ${why}${tail && `; last lines: ${tail}`}`,
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
export async function followProgress(docker: Docker, stream: NodeJS.ReadableStream, progress: Progress) {
  await new Promise<void>((done, failed) => {
    (docker as Docker & { followProgress: Docker['modem']['followProgress'] }).followProgress(
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
