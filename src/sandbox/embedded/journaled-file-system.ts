import { basename, dirname, join, resolve } from 'node:path/posix';
import type { BufferEncoding, FileContent, IFileSystem, InMemoryFs } from 'just-bash';
import { isDevice, isReadOnly, outputPaths } from './layout.ts';
import type { Change, Node } from './protocol.ts';

export interface Journal {
  change(change: Change): void;
  output(stream: 'stdout' | 'stderr', data: Uint8Array): void;
}

type Encoding = { encoding?: BufferEncoding } | BufferEncoding;

/** Entries, files and folders together, after which nothing more can be made. */
const maxEntries = 200_000;

/** The bits of a mode that are permissions; Python sends the bits of the file's type along. */
const permissions = 0o7777;
const umask = 0o022;

/**
 * An in-memory file system that tells each change of it, and where the shell's own folders can't be changed.
 * Bytes appended to `outputPaths` are told as output and not kept.
 */
export function journaledFileSystem(memory: InMemoryFs, journal: Journal): IFileSystem {
  let made = 0;
  /** The file that was made last, empty: Python gives it its mode with a call of its own. */
  let madeLast: string | undefined;

  const within = async (path: string) =>
    join(await memory.realpath(dirname(resolve(path))).catch(() => dirname(resolve(path))), basename(path));

  const follow = async (path: string, depth = 0): Promise<string> => {
    const here = resolve(path) === '/' ? '/' : await within(path);
    const target = depth < 40 ? await memory.readlink(here).catch(() => undefined) : undefined;
    return target === undefined ? here : follow(resolve(dirname(here), target), depth + 1);
  };

  const refuseReadOnly = (operation: string, ...paths: string[]) => {
    const path = paths.find(isReadOnly);
    if (path) throw new Error(`EACCES: permission denied, ${operation} '${path}'`);
  };

  const put = async (path: string) => {
    if (!isDevice(path)) journal.change({ kind: 'put', path, node: await nodeAt(memory, path) });
  };
  const putAll = async (path: string) => {
    for (const each of memory.getAllPaths()) {
      if (each === path || each.startsWith(`${path}/`)) await put(each);
    }
  };
  const attributes = async (path: string) => {
    const { mode, mtime } = await memory.lstat(path);
    journal.change({ kind: 'attributes', path, mode, mtime: mtime.getTime() });
  };

  const refuseMore = () => {
    made += 1;
    if (made < maxEntries) return;
    made = memory.getAllPaths().length;
    if (made >= maxEntries) throw new Error('ENOSPC: no space left on device');
  };

  const write = async (
    path: string,
    content: FileContent,
    encoding: Encoding | undefined,
    appends: boolean,
  ) => {
    if (path === outputPaths.stdout) return journal.output('stdout', bytesOf(content, encoding));
    if (path === outputPaths.stderr) return journal.output('stderr', bytesOf(content, encoding));
    if (path === '/dev/null') return;
    const target = await follow(path);
    refuseReadOnly('open', target);
    const before = await memory.stat(target).catch(() => undefined);
    if (before?.isDirectory) throw new Error(`EISDIR: illegal operation on a directory, open '${path}'`);
    if (!before) {
      const parent = await memory.stat(dirname(target)).catch(() => undefined);
      if (!parent) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      if (!parent.isDirectory) throw new Error(`ENOTDIR: not a directory, open '${path}'`);
      refuseMore();
    }
    const bytes = bytesOf(content, encoding);
    madeLast = before || bytes.byteLength > 0 ? undefined : target;
    if (appends) await memory.appendFile(target, bytes);
    else await memory.writeFile(target, bytes);
    if (before && !appends) await memory.chmod(target, before.mode);
    if (!appends || !before) return put(target);
    if (bytes.byteLength === 0 || isDevice(target)) return;
    journal.change({ kind: 'append', path: target, content: bytes, mtime: Date.now() });
  };

  return {
    readFile: (path, options) => memory.readFile(path, options),
    readFileBytes: (path) => memory.readFileBytes(path),
    readFileBuffer: (path) => memory.readFileBuffer(path),
    exists: (path) => memory.exists(path),
    stat: (path) => memory.stat(path),
    lstat: (path) => memory.lstat(path),
    readdir: (path) => memory.readdir(path),
    readdirWithFileTypes: (path) => memory.readdirWithFileTypes(path),
    readlink: (path) => memory.readlink(path),
    realpath: (path) => memory.realpath(path),
    resolvePath: (base, path) => memory.resolvePath(base, path),
    getAllPaths: () => memory.getAllPaths(),

    writeFile: (path, content, options) => write(path, content, options, false),
    appendFile: (path, content, options) => write(path, content, options, true),
    async mkdir(path, options) {
      const target = await follow(path);
      refuseReadOnly('mkdir', target);
      refuseMore();
      const missing: string[] = [];
      for (let each = target; !(await memory.exists(each)); each = dirname(each)) missing.unshift(each);
      await memory.mkdir(target, options);
      for (const each of missing) await put(each);
    },
    async rm(path, options) {
      const target = await within(path);
      refuseReadOnly('rm', target);
      await memory.rm(target, options);
      journal.change({ kind: 'remove', path: target });
    },
    async cp(source, destination, options) {
      const target = await follow(destination);
      refuseReadOnly('cp', target);
      refuseMore();
      await memory.cp(await within(source), target, options);
      await putAll(target);
    },
    async mv(source, destination) {
      const [from, to] = [await within(source), await within(destination)];
      refuseReadOnly('rename', from, to);
      if (from === to) return;
      await memory.mv(from, to);
      journal.change({ kind: 'move', from, to });
    },
    async chmod(path, mode) {
      const target = await follow(path);
      refuseReadOnly('chmod', target);
      const masked = mode > permissions && madeLast === target ? mode & ~umask : mode;
      madeLast = undefined;
      await memory.chmod(target, masked & permissions);
      await attributes(target);
    },
    async symlink(target, path) {
      const here = await within(path);
      refuseReadOnly('symlink', here);
      refuseMore();
      await memory.symlink(target, here);
      await put(here);
    },
    async link(existing, path) {
      const here = await within(path);
      refuseReadOnly('link', here);
      refuseMore();
      await memory.link(await follow(existing), here);
      await put(here);
    },
    async utimes(path, atime, mtime) {
      const target = await follow(path);
      refuseReadOnly('utime', target);
      await memory.utimes(target, atime, mtime);
      await attributes(target);
    },
  };
}

/** A copy of its own memory: a message takes the whole buffer behind a view along. */
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

/** Makes a change that was told before, or that the harness makes. */
export async function applyChange(memory: InMemoryFs, change: Change): Promise<void> {
  if (change.kind !== 'put') throw new Error(`a shell cannot be told to ${change.kind}`);
  const { path, node } = change;
  const mtime = new Date(node.mtime);
  if (node.type === 'file') memory.writeFileSync(path, node.content, undefined, { mode: node.mode, mtime });
  else if (node.type === 'link') await memory.symlink(node.target, path);
  else {
    memory.mkdirSync(path, { recursive: true });
    await memory.chmod(path, node.mode);
    await memory.utimes(path, mtime, mtime);
  }
}
