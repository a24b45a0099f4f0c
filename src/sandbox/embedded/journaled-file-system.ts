import { basename, dirname, join, resolve } from 'node:path/posix';
import type { BufferEncoding, FileContent, IFileSystem, InMemoryFs } from 'just-bash';
import { isDevice, isReadOnly, outputPaths } from './layout.ts';
import type { Change, Node } from './protocol.ts';

export interface Journal {
  change(change: Change): void;
  output(stream: 'stdout' | 'stderr', data: Uint8Array): void;
}

type Encoding = { encoding?: BufferEncoding } | BufferEncoding;

/** Files and folders together, after which nothing more can be made. */
const maxEntries = 200_000;
const maxLinks = 40;

/** The bits of a mode that are permissions; Python's modes also have the bits of the file type. */
const permissionBits = 0o7777;
const umask = 0o022;

/**
 * An in-memory file system that reports each of its changes, and in which the shell's own folders can't be changed.
 * Bytes appended to `outputPaths` are reported as output and not kept.
 */
export class JournaledFileSystem implements IFileSystem {
  readonly #memory: InMemoryFs;
  readonly #journal: Journal;
  /** Upper bound of the number of entries. */
  #entries = 0;
  /** The file that was made last, empty: Python sets its mode by a call of its own. */
  #lastMade: string | undefined;

  constructor(memory: InMemoryFs, journal: Journal) {
    this.#memory = memory;
    this.#journal = journal;
  }

  readFile: IFileSystem['readFile'] = (path, options) => this.#memory.readFile(path, options);
  readFileBytes: InMemoryFs['readFileBytes'] = (path) => this.#memory.readFileBytes(path);
  readFileBuffer: IFileSystem['readFileBuffer'] = (path) => this.#memory.readFileBuffer(path);
  exists: IFileSystem['exists'] = (path) => this.#memory.exists(path);
  stat: IFileSystem['stat'] = (path) => this.#memory.stat(path);
  lstat: IFileSystem['lstat'] = (path) => this.#memory.lstat(path);
  readdir: IFileSystem['readdir'] = (path) => this.#memory.readdir(path);
  readdirWithFileTypes: InMemoryFs['readdirWithFileTypes'] = (path) =>
    this.#memory.readdirWithFileTypes(path);
  readlink: IFileSystem['readlink'] = (path) => this.#memory.readlink(path);
  realpath: IFileSystem['realpath'] = (path) => this.#memory.realpath(path);
  resolvePath: IFileSystem['resolvePath'] = (base, path) => this.#memory.resolvePath(base, path);
  getAllPaths: IFileSystem['getAllPaths'] = () => this.#memory.getAllPaths();

  writeFile: IFileSystem['writeFile'] = (path, content, options) =>
    this.#write(path, content, options, false);
  appendFile: IFileSystem['appendFile'] = (path, content, options) =>
    this.#write(path, content, options, true);

  mkdir: IFileSystem['mkdir'] = async (path, options) => {
    const target = await this.#follow(path);
    refuseReadOnly('mkdir', target);
    this.#countEntry();
    const missing: string[] = [];
    for (let each = target; !(await this.#memory.exists(each)); each = dirname(each)) missing.unshift(each);
    await this.#memory.mkdir(target, options);
    for (const each of missing) await this.#put(each);
  };

  rm: IFileSystem['rm'] = async (path, options) => {
    const target = await this.#locate(path);
    refuseReadOnly('rm', target);
    await this.#memory.rm(target, options);
    this.#journal.change({ kind: 'remove', path: target });
  };

  cp: IFileSystem['cp'] = async (source, destination, options) => {
    const target = await this.#follow(destination);
    refuseReadOnly('cp', target);
    this.#countEntry();
    await this.#memory.cp(await this.#locate(source), target, options);
    for (const each of this.#memory.getAllPaths()) {
      if (each === target || each.startsWith(`${target}/`)) await this.#put(each);
    }
  };

  mv: IFileSystem['mv'] = async (source, destination) => {
    const [from, to] = [await this.#locate(source), await this.#locate(destination)];
    refuseReadOnly('rename', from, to);
    if (from === to) return;
    await this.#memory.mv(from, to);
    this.#journal.change({ kind: 'move', from, to });
  };

  chmod: IFileSystem['chmod'] = async (path, mode) => {
    const target = await this.#follow(path);
    refuseReadOnly('chmod', target);
    const masked = mode > permissionBits && this.#lastMade === target ? mode & ~umask : mode;
    this.#lastMade = undefined;
    await this.#memory.chmod(target, masked & permissionBits);
    await this.#putAttributes(target);
  };

  symlink: IFileSystem['symlink'] = async (target, path) => {
    const here = await this.#locate(path);
    refuseReadOnly('symlink', here);
    this.#countEntry();
    await this.#memory.symlink(target, here);
    await this.#put(here);
  };

  link: IFileSystem['link'] = async (existing, path) => {
    const here = await this.#locate(path);
    refuseReadOnly('link', here);
    this.#countEntry();
    await this.#memory.link(await this.#follow(existing), here);
    await this.#put(here);
  };

  utimes: IFileSystem['utimes'] = async (path, atime, mtime) => {
    const target = await this.#follow(path);
    refuseReadOnly('utime', target);
    await this.#memory.utimes(target, atime, mtime);
    await this.#putAttributes(target);
  };

  async #write(path: string, content: FileContent, encoding: Encoding | undefined, appends: boolean) {
    if (path === outputPaths.stdout) return this.#journal.output('stdout', bytesOf(content, encoding));
    if (path === outputPaths.stderr) return this.#journal.output('stderr', bytesOf(content, encoding));
    if (path === '/dev/null') return;
    const target = await this.#follow(path);
    refuseReadOnly('open', target);
    const before = await this.#memory.stat(target).catch(() => undefined);
    if (before?.isDirectory) throw new Error(`EISDIR: illegal operation on a directory, open '${path}'`);
    if (!before) await this.#requireFolder(dirname(target), path);
    const bytes = bytesOf(content, encoding);
    this.#lastMade = before || bytes.byteLength > 0 ? undefined : target;
    if (appends) await this.#memory.appendFile(target, bytes);
    else await this.#memory.writeFile(target, bytes);
    if (before && !appends) await this.#memory.chmod(target, before.mode);
    if (!appends || !before) return this.#put(target);
    if (bytes.byteLength === 0 || isDevice(target)) return;
    this.#journal.change({ kind: 'append', path: target, content: bytes, mtime: Date.now() });
  }

  /** Throws where no new file can be made in a folder, as opening `path` does. */
  async #requireFolder(folder: string, path: string): Promise<void> {
    const found = await this.#memory.stat(folder).catch(() => undefined);
    if (!found) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    if (!found.isDirectory) throw new Error(`ENOTDIR: not a directory, open '${path}'`);
    this.#countEntry();
  }

  /** The path with the links above its last name resolved. */
  async #locate(path: string): Promise<string> {
    const folder = dirname(resolve(path));
    return join(await this.#memory.realpath(folder).catch(() => folder), basename(path));
  }

  /** The path with all links resolved, whether or not there is a file. */
  async #follow(path: string, depth = 0): Promise<string> {
    const here = resolve(path) === '/' ? '/' : await this.#locate(path);
    const target = depth < maxLinks ? await this.#memory.readlink(here).catch(() => undefined) : undefined;
    return target === undefined ? here : this.#follow(resolve(dirname(here), target), depth + 1);
  }

  async #put(path: string): Promise<void> {
    if (isDevice(path)) return;
    this.#journal.change({ kind: 'put', path, node: await nodeAt(this.#memory, path) });
  }

  async #putAttributes(path: string): Promise<void> {
    const { mode, mtime } = await this.#memory.lstat(path);
    this.#journal.change({ kind: 'attributes', path, mode, mtime: mtime.getTime() });
  }

  /** Counts an entry that is about to be made, and throws where there are too many. */
  #countEntry(): void {
    this.#entries += 1;
    if (this.#entries < maxEntries) return;
    this.#entries = this.#memory.getAllPaths().length;
    if (this.#entries >= maxEntries) throw new Error('ENOSPC: no space left on device');
  }
}

function refuseReadOnly(operation: string, ...paths: string[]): void {
  const path = paths.find(isReadOnly);
  if (path) throw new Error(`EACCES: permission denied, ${operation} '${path}'`);
}

/** A copy in a buffer of its own: a message would take the whole buffer behind a view along. */
function bytesOf(content: FileContent, options: Encoding | undefined): Uint8Array {
  if (typeof content !== 'string') return new Uint8Array(content);
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return new Uint8Array(Buffer.from(content, encoding ?? 'utf8'));
}

async function nodeAt(memory: InMemoryFs, path: string): Promise<Node> {
  const { isDirectory, isSymbolicLink, mode, mtime } = await memory.lstat(path);
  const attributes = { mode, mtime: mtime.getTime() };
  if (isDirectory) return { type: 'directory', ...attributes };
  if (isSymbolicLink) return { type: 'link', ...attributes, target: await memory.readlink(path) };
  return { type: 'file', ...attributes, content: await memory.readFileBuffer(path) };
}
