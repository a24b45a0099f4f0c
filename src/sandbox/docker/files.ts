import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { ProctorError } from '../../errors.ts';
import { collectLimits, type NewFile, type SandboxFiles } from '../sandbox.ts';
import type { RunningContainer } from './container.ts';
import { hasCode } from './file-name.ts';
import { latin1Word, Surveyor, surveyedContents } from './survey.ts';
import { namesAsBytes, namesAsTexts, nameText } from './tar-name.ts';

/** The owner of a file, in numbers. */
export interface Ownership {
  uid: number;
  gid: number;
}

const quickTimeoutMs = 30_000;
const userTimeoutMs = 10_000;
/** The container's main process reads byte by byte, which suits small files only. */
const maxQuickBytes = 48 * 1024;
/** Names that every image's `tar` reads. */
const plainName = /^[ -~]{1,100}$/;
const dot = '.'.charCodeAt(0);

/** Files in and out: small ones through the container's main process in milliseconds, others through the engine's archives. */
export function containerFiles(running: RunningContainer, agent: Ownership): SandboxFiles {
  /** The files at or below a path, or undefined where there are none. */
  const fetch = async (path: string) => {
    try {
      return await unpackFiles(await running.container.getArchive({ path }));
    } catch (error) {
      if (error instanceof ProctorError) throw error;
      if ((error as { statusCode?: number }).statusCode === 404 && !(await running.death())) return undefined;
      throw await running.failure(error, `${path} could not be read`);
    }
  };

  const surveyor = new Surveyor(running);
  return {
    survey: (paths) => surveyor.survey(paths),
    changedRights: (before, after) => surveyor.rights.between(before, after),
    contents: (files) => surveyedContents(running, files),
    read: async (path) => {
      const quick = await readQuickly(running, path);
      if (quick) return quick;
      const [file] = (await fetch(path)) ?? [];
      if (file?.name === posix.basename(path)) return file.content;
      throw new ProctorError('sandbox-failed', `${path} is not a file in sandbox ${running.name}.`);
    },
    write: (files, options) =>
      putFiles(running, files, [], options?.owner === 'harness' ? { uid: 0, gid: 0 } : agent),
    collect: async (paths) => {
      const found = await Promise.all(
        paths.map(async (path) => {
          const parent = posix.dirname(posix.resolve('/', path));
          const files = (await fetch(path)) ?? [];
          return files.map(({ name, ...file }) => ({ ...file, path: posix.join(parent, name) }));
        }),
      );
      return found.flat();
    },
  };
}

/**
 * Writes whole files and missing parents. `directories` are made where missing, and given to the owner in any case unless they
 * are shared ones.
 */
export async function putFiles(
  running: RunningContainer,
  files: NewFile[],
  directories: string[],
  owner: Ownership,
): Promise<void> {
  const inside = [...files.map(({ path }) => path), ...directories.map((path) => `${path}/file`)];
  const parents = parentDirectories(inside);
  const missing = new Set(await running.init.missingDirectories(parents.map(latin1Word)));
  const owned = directories.filter((path) => !['/', '/tmp'].includes(path));
  const made = parents.filter((path, index) => missing.has(index) || owned.includes(path));
  if (await putQuickly(running, files, made, owner)) return;
  try {
    await running.container.putArchive(packFiles(files, made, owner), { path: '/' });
  } catch (error) {
    throw await running.failure(error, `Files could not be put into sandbox ${running.name}`);
  }
}

/** Reads a file by the image's `cat`; undefined where that fails. */
function readQuickly(running: RunningContainer, path: string): Promise<Buffer | undefined> {
  const word = latin1Word(path);
  return runQuickly(running, `[ -f ${word} ] && cat ${word}`);
}

/** What a command printed; undefined where it failed. */
async function runQuickly({ init }: RunningContainer, command: string): Promise<Buffer | undefined> {
  const output = await init.run(`${command} && printf .`, quickTimeoutMs).catch(() => undefined);
  return output?.at(-1) === dot ? output.subarray(0, -1) : undefined;
}

/** Unpacks a small archive by the image's `tar`; false where that fails or the archive is too large. */
async function putQuickly(
  running: RunningContainer,
  files: NewFile[],
  directories: string[],
  owner: Ownership,
): Promise<boolean> {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  const names = [...files.map(({ path }) => path), ...directories];
  if (bytes > maxQuickBytes || !names.every((name) => plainName.test(name) && !hasCode(name))) return false;
  const archive = gzipSync(await buffer(packFiles(files, directories, owner))).toString('base64');
  if (archive.length > maxQuickBytes) return false;
  const command = `printf %s ${archive} | base64 -d | tar -xzpf - -C /`;
  return (await runQuickly(running, command)) !== undefined;
}

/** Every directory above the paths but `/`, outermost first. */
function parentDirectories(paths: string[]): string[] {
  const parents = new Set<string>();
  for (const path of paths) {
    for (let parent = posix.dirname(path); parent !== '/' && parent !== '.'; parent = posix.dirname(parent)) {
      parents.add(parent);
    }
  }
  return [...parents].sort((a, b) => a.length - b.length);
}

/**
 * The numbers of a user given as `name`, `uid` or `uid:gid`; an unknown number gets the group 0, as from the engine. Throws
 * `sandbox-failed` where the image has no user of this name, as whom nothing could be started.
 */
export async function ownershipOf(running: RunningContainer, user: string): Promise<Ownership> {
  const numbers = /^(\d+):(\d+)$/.exec(user);
  if (numbers) return { uid: Number(numbers[1]), gid: Number(numbers[2]) };
  const [name = ''] = user.split(':');
  if (name === 'root') return { uid: 0, gid: 0 };
  const word = latin1Word(name);
  const script = `id -u ${word}; id -g ${word}; command -v id >/dev/null || echo unknown`;
  const answer = (await running.init.run(script, userTimeoutMs)).toString();
  if (answer.trim() === '' && !/^\d+$/.test(name))
    throw new ProctorError(
      'sandbox-failed',
      `The image has no user "${name}", as whom the agent is to work.`,
    );
  const [uid, gid] = answer.split('\n').map(Number);
  return { uid: uid || Number(name) || 0, gid: gid ?? 0 };
}

/** A tar with paths relative to `/`; the directories come first. */
function packFiles(files: NewFile[], directories: string[], owner: Ownership): NodeJS.ReadableStream {
  const archive = pack();
  const mtime = new Date();
  for (const path of directories) {
    archive.entry({ ...owner, ...named(`${path.slice(1)}/`), type: 'directory', mode: 0o755, mtime });
  }
  for (const { path, content, mode = 0o644, target } of files) {
    const header = { ...owner, ...named(path.slice(1)), mode, mtime };
    if (target === undefined) archive.entry(header, Buffer.from(content));
    else archive.entry({ ...header, type: 'symlink', linkname: target });
  }
  archive.finalize();
  return archive.pipe(namesAsBytes());
}

/** A name whose bytes need an extended header. */
const named = (name: string) => ({ name, ...(hasCode(name) && { pax: {} }) });

interface ArchivedFile {
  name: string;
  mode: number;
  content: Buffer;
}

/**
 * The regular files of a tar; symbolic links, directories and devices are left out. Names are texts of theirs in the tar.
 * Throws `too-large` above `collectLimits`, and stops the engine's work on it.
 */
async function unpackFiles(tar: NodeJS.ReadableStream): Promise<ArchivedFile[]> {
  const entries = extract();
  try {
    return await filesIn(tar.pipe(namesAsTexts()).pipe(entries));
  } catch (error) {
    tar.unpipe();
    (tar as NodeJS.ReadableStream & { destroy?(): void }).destroy?.();
    throw error;
  }
}

async function filesIn(entries: ReturnType<typeof extract>): Promise<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    const { type, mode = 0o644, linkname, size = 0 } = entry.header;
    const name = nameText(entry.header);
    bytes += size;
    if (bytes > collectLimits.bytes || files.length >= collectLimits.files) {
      const limits = `${collectLimits.bytes / 1024 / 1024} MB or ${collectLimits.files} files`;
      throw new ProctorError('too-large', `there is more than ${limits} to collect`);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const linked = type === 'link' && files.find((file) => file.name === linkname);
    if (linked) files.push({ ...linked, name });
    if (type === 'file' || type === 'contiguous-file') {
      files.push({ name, mode: mode & 0o7777, content: Buffer.concat(chunks) });
    }
  }
  return files;
}
