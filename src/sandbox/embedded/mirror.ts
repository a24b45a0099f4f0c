import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path/posix';
import type { FileTree, NewFile } from '../sandbox.ts';
import type { Change, Node } from './protocol.ts';

type Entry = { mode: number; mtime: number } & (
  | { type: 'file'; chunks: Uint8Array[]; size: number; sha256?: string }
  | { type: 'directory' }
  | { type: 'link'; target: string }
);

const maxLinks = 40;

/**
 * The files of one sandbox, kept outside of the thread that runs its commands: a thread that is killed loses nothing,
 * and looking at files needs no thread at all.
 */
export class FileMirror {
  readonly #entries = new Map<string, Entry>();

  apply(change: Change): void {
    if (change.kind === 'put') this.#entries.set(change.path, toEntry(change.node));
    else if (change.kind === 'move') this.#move(change.from, change.to);
    else if (change.kind === 'remove') this.#remove(change.path);
    else this.#update(change);
  }

  isDirectory(path: string): boolean {
    return path === '/' || this.#entries.get(path)?.type === 'directory';
  }

  /** Bytes of all files. */
  size(): number {
    return [...this.#entries.values()].reduce((sum, entry) => sum + sizeOf(entry), 0);
  }

  /** The path with all links resolved. */
  resolve(path: string): string {
    return this.#resolveLinks(resolve(path));
  }

  /** The content of a file, or undefined where there is none. */
  read(path: string): Buffer | undefined {
    const entry = this.#entries.get(this.resolve(path));
    return entry?.type === 'file' ? contentOf(entry) : undefined;
  }

  collect(paths: string[]): NewFile[] {
    return this.#belowAll(paths).flatMap((path) => {
      const entry = this.#entries.get(path);
      return entry?.type === 'file' ? [{ path, content: contentOf(entry), mode: entry.mode & 0o7777 }] : [];
    });
  }

  survey(paths: string[]): FileTree {
    const tree: FileTree = {};
    for (const path of this.#belowAll(paths)) tree[path] = describe(this.#entries.get(path) as Entry);
    return tree;
  }

  /** The changes that make these files out of nothing. */
  changes(): Change[] {
    return [...this.#entries].map(([path, entry]) => ({ kind: 'put', path, node: toNode(entry) }));
  }

  #update(change: Extract<Change, { kind: 'append' | 'attributes' }>): void {
    const entry = this.#entries.get(change.path);
    if (change.kind === 'attributes') {
      if (entry) Object.assign(entry, { mode: change.mode, mtime: change.mtime });
    } else if (entry?.type === 'file') {
      entry.chunks.push(change.content);
      entry.size += change.content.byteLength;
      entry.mtime = change.mtime;
      delete entry.sha256;
    }
  }

  #remove(path: string): void {
    for (const each of this.#below(path)) this.#entries.delete(each);
  }

  #move(from: string, to: string): void {
    const moved = this.#below(from).map((path) => [path, this.#entries.get(path)] as const);
    for (const [path] of moved) this.#entries.delete(path);
    for (const [path, entry] of moved) if (entry) this.#entries.set(to + path.slice(from.length), entry);
  }

  #below(path: string): string[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...this.#entries.keys()].filter((key) => key === path || key.startsWith(prefix));
  }

  #belowAll(paths: string[]): string[] {
    return [...new Set(paths.flatMap((path) => this.#below(resolve(path))))].sort();
  }

  #resolveLinks(path: string, depth = 0): string {
    if (path === '/' || depth > maxLinks) return path;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const here = join(this.#resolveLinks(dirname(path), depth + 1), name);
    const entry = this.#entries.get(here);
    if (entry?.type !== 'link') return here;
    return this.#resolveLinks(resolve(dirname(here), entry.target), depth + 1);
  }
}

function toEntry(node: Node): Entry {
  if (node.type !== 'file') return { ...node };
  const { content, ...rest } = node;
  return { ...rest, chunks: [content], size: content.byteLength };
}

function toNode(entry: Entry): Node {
  if (entry.type !== 'file') return entry;
  return { type: 'file', mode: entry.mode, mtime: entry.mtime, content: new Uint8Array(contentOf(entry)) };
}

const sizeOf = (entry: Entry) => (entry.type === 'file' ? entry.size : 0);

/** A file's bytes, as one chunk from now on. */
function contentOf(entry: Extract<Entry, { type: 'file' }>): Buffer {
  const whole = Buffer.concat(entry.chunks, entry.size);
  if (entry.chunks.length > 1) entry.chunks = [whole];
  return whole;
}

function describe(entry: Entry): FileTree[string] {
  const mode = (entry.mode & 0o7777).toString(8);
  if (entry.type === 'directory') return { type: 'directory', mode, size: 0 };
  if (entry.type === 'link') {
    return { type: 'link', mode, size: Buffer.byteLength(entry.target), target: entry.target };
  }
  entry.sha256 ??= createHash('sha256').update(contentOf(entry)).digest('hex');
  return { type: 'file', mode, size: entry.size, sha256: entry.sha256 };
}
