import { lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readAuthorFile } from '../../schema/author-file.ts';
import {
  type AuthorFile,
  folderDigest,
  isFolder,
  readFolder,
  writeFolder,
} from '../../schema/author-folder.ts';
import { type PrivateSplit, privateSplit } from '../../schema/private-split.ts';
import type { Task } from '../task.ts';
import { keepFolder, sweepFolders } from './folder-cache.ts';

/**
 * The folder of a made task with these files, written where it is not there yet; it is called by its digest. Without `dir` it is one that is kept
 * while this process lives, and then for some days.
 */
export function madeFolder(files: readonly AuthorFile[], digest: string, dir?: string): string {
  const name = digest.slice(0, 16);
  if (dir !== undefined) return folderIn(dir, name, { files, digest });
  const own = ownFolder();
  keepFolder(own, name);
  return folderIn(own, name, { files, digest });
}

function folderIn(
  dir: string,
  name: string,
  { files, digest }: { files: readonly AuthorFile[]; digest: string },
): string {
  const folder = join(dir, name);
  if (isFolder(folder) && folderDigest(folder) === digest) return folder;
  const fresh = mkdtempSync(join(dir, 'new-'));
  writeFolder(fresh, files);
  try {
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!isFolder(folder) || folderDigest(folder) !== digest) throw error;
  }
  return folder;
}

/** A task as it is, or where it was made, one whose folder is kept beside a run's traces. */
export function keptWith(run: string, task: Task): Task {
  const dir = join(run, 'instances');
  if (!task.instance || dirname(task.dir) === dir) return task;
  mkdirSync(dir, { recursive: true });
  const kept = { ...task, dir: madeFolder(readFolder(task.dir), task.digest, dir) };
  const split = splitOf(task);
  if (split) tellSplit(kept, split);
  return kept;
}

/** Says beside a private instance where trials of it are counted. */
export function tellSplit({ dir }: Pick<Task, 'dir'>, split: PrivateSplit): void {
  writeFileSync(splitFile(dir), `${JSON.stringify(split, null, 2)}\n`);
}

/** The private split that an instance is of; undefined where it is of none. Throws `bad-file` where a private one does not tell. */
export function splitOf({ dir, instance }: Pick<Task, 'dir' | 'instance'>): PrivateSplit | undefined {
  return instance?.kind === 'private' ? readAuthorFile(splitFile(dir), privateSplit) : undefined;
}

/** The private splits that instances of a run are of. Throws `bad-file`. */
export function splitsIn(run: string): PrivateSplit[] {
  const dir = join(run, 'instances');
  const files = isFolder(dir) ? readdirSync(dir).filter((name) => name.endsWith(splitEnd)) : [];
  return files.map((name) => readAuthorFile(join(dir, name), privateSplit));
}

const splitEnd = '.split.json';
const splitFile = (dir: string) => `${dir}${splitEnd}`;

/** Where a recorded task lies: at its path, or, of one made for a run that was moved since, in the run's folder. */
export function recordedFolder(path: string, run: string): string {
  const kept = join(run, 'instances', basename(path));
  return !isFolder(path) && isFolder(kept) ? kept : path;
}

let swept: string | undefined;

/** A folder of this user's alone, that outlives the process; what is old in it is removed first. */
function ownFolder(): string {
  if (swept !== undefined && isFolder(swept)) return swept;
  const own = openOwnFolder();
  sweepFolders(own);
  swept = own;
  return own;
}

function openOwnFolder(): string {
  const user = process.getuid?.() ?? 'user';
  const dir = join(tmpdir(), `proctor-instances-${user}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(dir);
  return user === 'user' || (uid === user && (mode & 0o022) === 0)
    ? dir
    : mkdtempSync(join(tmpdir(), 'proctor-instances-'));
}
