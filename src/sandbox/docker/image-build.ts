import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, lstat, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import { substituteImage } from '../image-map.ts';

export type Progress = (line: string) => void;

export interface BuildRequest {
  /** A folder with a Dockerfile. */
  context: string;
  tag: string;
  buildargs?: Record<string, string>;
  timeoutSec?: number | undefined;
}

/** Builds an image. The engine's work is ended, by hanging up, where it takes longer than allowed. */
export async function buildImage(
  docker: Docker,
  { context, tag, buildargs, timeoutSec }: BuildRequest,
  progress: Progress,
) {
  progress(`building ${tag.replace(/(:.{12}).*/, '$1')} from ${context}`);
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    progress(line);
  };
  const tooLong = timeoutSec === undefined ? undefined : AbortSignal.timeout(timeoutSec * 1000);
  try {
    const options = { t: tag, networkmode: 'host', rm: true, forcerm: true, ...(buildargs && { buildargs }) };
    const messages = await docker.buildImage({ context, src: ['.'] }, options);
    if (tooLong) addAbortSignal(tooLong, messages as Readable);
    await followProgress(docker, messages, keep);
    return await docker.getImage(tag).inspect();
  } catch (error) {
    const why = tooLong?.aborted ? `it took longer than ${timeoutSec} s` : messageOf(error);
    const tail = lines.slice(-8).join(' | ');
    throw new ProctorError(
      'image-build-failed',
      `The image of ${context} did not build: ${why}${tail && `; last lines: ${tail}`}`,
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

/** A build context whose Dockerfile starts from other bases: the folder itself, or a copy that `remove` deletes. */
export async function withReplacedBases(
  context: string,
  bases: Record<string, string>,
): Promise<{ context: string; remove(): Promise<void> }> {
  const text = await readFile(join(context, 'Dockerfile'), 'utf8').catch(() => '');
  const replaced = replaceBases(text, bases);
  if (replaced === text) return { context, remove: async () => {} };
  const copy = await mkdtemp(join(tmpdir(), 'proctor-build-'));
  await cp(context, copy, { recursive: true });
  await writeFile(join(copy, 'Dockerfile'), replaced);
  return { context: copy, remove: () => rm(copy, { recursive: true, force: true }) };
}

/** A Dockerfile with other images in its FROM lines; references to its own stages are kept. */
function replaceBases(dockerfile: string, bases: Record<string, string>): string {
  const stages = new Set(
    [...dockerfile.matchAll(/^\s*FROM\s.*\sAS\s+(\S+)/gim)].map(([, name = '']) => name),
  );
  return dockerfile.replace(
    /^(\s*FROM\s+(?:--\S+\s+)*)(\S+)/gim,
    (_, before: string, base: string) => `${before}${stages.has(base) ? base : substituteImage(base, bases)}`,
  );
}

/** The sha256 (hex) of a build context: paths, kinds, executable bits and bytes, in a fixed order. */
export async function contextDigest(context: string): Promise<string> {
  const digest = createHash('sha256').update('Dockerfile\0');
  try {
    await lstat(join(context, 'Dockerfile'));
    for (const path of await listFiles(context, '')) digest.update(await entryDigest(context, path));
  } catch (error) {
    throw new ProctorError('bad-file', `The build context ${context} can't be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return digest.digest('hex');
}

async function listFiles(context: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(context, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths = entries.map(async (entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? [`${path}/`, ...(await listFiles(context, path))] : [path];
  });
  return (await Promise.all(paths)).flat();
}

async function entryDigest(context: string, path: string): Promise<Buffer> {
  const full = join(context, path);
  const stats = await lstat(full);
  const kind = stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : 'file';
  const digest = createHash('sha256').update(`${path}\0${kind}\0${(stats.mode & 0o111) !== 0}\0`);
  if (kind === 'link') digest.update(await readlink(full));
  if (kind === 'file') await pipeline(createReadStream(full), digest, { end: false });
  return digest.digest();
}
