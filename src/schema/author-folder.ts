import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProctorError } from '../errors.ts';

/** The folder of the installed package, with its environments/, tasks/ and sandbox-images/. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** One file of an author's folder. */
export interface AuthorFile {
  /** Relative to the folder, with `/`. */
  path: string;
  content: Buffer;
  /** 0o755 where its owner may execute it, else 0o644: what a checkout keeps of a mode, whatever the umask. */
  mode: number;
  /** Where a symbolic link leads, which has no content; absent for a file. */
  target?: string;
}

/** Every file and symbolic link below a folder, ordered by path; none where there is no such folder. Links are not followed. */
export function readFolder(dir: string): AuthorFile[] {
  return filesBelow(dir)
    .map((file) => ({ path: relative(dir, file).split(sep).join('/'), ...contentOf(file) }))
    .sort(byPath);
}

/** The order of a folder's files. */
export const byPath = (a: AuthorFile, b: AuthorFile): number => (a.path < b.path ? -1 : 1);
/** One file, its links followed. */
export function readFile(file: string): Pick<AuthorFile, 'content' | 'mode'> {
  return { content: readFileSync(file), mode: modeOf(statSync(file).mode) };
}

const modeOf = (mode: number) => ((mode & 0o100) === 0 ? 0o644 : 0o755);

function contentOf(file: string): Omit<AuthorFile, 'path'> {
  const stats = lstatSync(file);
  if (stats.isSymbolicLink()) return { content: Buffer.alloc(0), mode: 0o644, target: readlinkSync(file) };
  return { content: readFileSync(file), mode: modeOf(stats.mode) };
}

/** Writes files into a folder, which is made; gives their paths. */
export function writeFolder(dir: string, files: readonly AuthorFile[]): string[] {
  return files.map(({ path, content, mode, target }) => {
    const file = join(dir, path);
    makeFolders(dirname(file));
    if (target === undefined) writeFileSync(file, content, { mode });
    else symlinkSync(target, file);
    return file;
  });
}

/** sha256 in hex over the paths, modes and contents of every file of a folder, and its links. */
export function folderDigest(dir: string): string {
  return digestOf(readFolder(dir));
}

/** The digest of the folder that holds these files, which are ordered by path. */
export function digestOf(all: readonly AuthorFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content, mode, target } of all) {
    if (target === undefined)
      hash.update(`${path}\0${mode.toString(8)}\0${content.length}\0`).update(content);
  }
  for (const { path, target } of all) if (target !== undefined) hash.update(`${path}\0link\0${target}\0`);
  return hash.digest('hex');
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Names of the folders in a folder, sorted; hidden ones and templates (`_…`) are left out. */
export function foldersIn(dir: string): string[] {
  if (!isFolder(dir)) return [];
  return readdirSync(dir)
    .filter((name) => !/^[._]/.test(name) && name !== 'node_modules' && isFolder(join(dir, name)))
    .sort();
}

/** Makes a folder and those above it, one after the other: `mkdirSync` with `recursive` never returns below `/proc`. */
export function makeFolders(dir: string): void {
  if (isFolder(dir)) return;
  makeFolders(dirname(resolve(dir)));
  try {
    mkdirSync(dir);
  } catch (error) {
    if (!isFolder(dir)) throw error;
  }
}

function filesBelow(dir: string): string[] {
  if (!isFolder(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.name.includes('\uFFFD') && !existsSync(path))
      throw new ProctorError('bad-file', `${dir}: the name ${entry.name} in it is not UTF-8`);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
  });
}
