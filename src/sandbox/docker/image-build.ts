import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, lstat, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import { substituteImage } from '../image-map.ts';
import type { ImageSource } from '../sandbox.ts';

export type Progress = (line: string) => void;

export interface BuildRequest {
  context: string;
  dockerfile: string;
  tag: string;
  buildargs?: Record<string, string>;
  timeoutSec?: number;
}

export async function buildImage(
  docker: Docker,
  { context, dockerfile, tag, buildargs, timeoutSec }: BuildRequest,
  progress: Progress,
) {
  progress(`building ${tag.replace(/(:.{12}).*/, '$1')} from ${context}`);
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    progress(line);
  };
  try {
    const usual = { t: tag, dockerfile, networkmode: 'host', rm: true, forcerm: true };
    const options = { ...usual, ...(buildargs && { buildargs }) };
    const messages = await docker.buildImage({ context, src: ['.'] }, options);
    await within(timeoutSec, followProgress(docker, messages, keep), messages);
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

/** Ends the engine's work, by hanging up, where it takes longer than allowed. */
async function within(seconds: number | undefined, work: Promise<void>, messages: NodeJS.ReadableStream) {
  if (seconds === undefined) return work;
  const ended = new AbortController();
  const tooLong = sleep(seconds * 1000, undefined, { signal: ended.signal }).then(() => {
    (messages as Readable).destroy();
    throw new Error(`it took longer than ${seconds} s`);
  });
  work.catch(() => {});
  await Promise.race([work, tooLong]).finally(() => ended.abort());
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
export async function withReplacedBases({
  context,
  dockerfile,
  bases = {},
}: Extract<ImageSource, { kind: 'build' }>): Promise<{ context: string; remove(): Promise<void> }> {
  const text = await readFile(join(context, dockerfile), 'utf8').catch(() => '');
  const replaced = replaceBases(text, bases);
  if (replaced === text) return { context, remove: async () => {} };
  const copy = await mkdtemp(join(tmpdir(), 'proctor-build-'));
  await cp(context, copy, { recursive: true });
  await writeFile(join(copy, dockerfile), replaced);
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

/** The sha256 (hex) of a build context: paths, kinds, executable bits and bytes, in a fixed order, and which file is the Dockerfile. */
export async function contextDigest(context: string, dockerfile: string): Promise<string> {
  const digest = createHash('sha256').update(`${dockerfile}\0`);
  try {
    await lstat(join(context, dockerfile));
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
  const paths: string[] = [];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) paths.push(`${path}/`, ...(await listFiles(context, path)));
    else paths.push(path);
  }
  return paths;
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
