import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { ProctorError } from '../../errors.ts';
import type { NewFile, SandboxFiles } from '../sandbox.ts';
import { archivedFiles, collectFiles, type Ownership, packFiles } from './archive.ts';
import type { RunningContainer } from './container.ts';
import { hasCode } from './file-name.ts';
import { latin1Word, Surveyor, surveyedContents } from './survey.ts';

const quickTimeoutMs = 30_000;
const userTimeoutMs = 10_000;
/** The container's main process reads byte by byte, which suits small files only. */
const maxQuickBytes = 48 * 1024;
/** Names that every image's `tar` reads. */
const plainName = /^[ -~]{1,100}$/;
const dot = '.'.charCodeAt(0);

/** Files in and out: small ones through the container's main process in milliseconds, others through the engine's archives. */
export function containerFiles(running: RunningContainer, agent: Ownership): SandboxFiles {
  const fetch = (path: string) => archivedFiles(running, path);
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
    collect: (paths) => collectFiles(running, paths),
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
