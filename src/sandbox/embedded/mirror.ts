import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path/posix';
import type { FileTree, NewFile } from '../sandbox.ts';
import type { Change, Node } from './protocol.ts';

type Entry = { mode: number; mtime: number } & (
  | { type: 'file'; chunks: Uint8Array[]; size: number; sha256?: string }
  | { type: 'directory' }
  | { type: 'link'; target: string }
);

/**
 * The files of one sandbox, kept outside of the thread that runs its commands: a thread that is killed loses nothing,
 * and looking at files needs no thread at all.
 */
export interface Mirror {
  apply(change: Change): void;
  isDirectory(path: string): boolean;
  /** Bytes of all files. */
  size(): number;
  /** The path free of links. */
  resolve(path: string): string;
  /** The content of a file, or undefined where there is none. */
  read(path: string): Buffer | undefined;
  collect(paths: string[]): NewFile[];
  survey(paths: string[]): FileTree;
  /** The changes that make these files out of nothing. */
  changes(): Change[];
}

export function createMirror(): Mirror {
  const entries = new Map<string, Entry>();

  const below = (path: string) => {
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...entries.keys()].filter((key) => key === path || key.startsWith(prefix));
  };
  const belowAll = (paths: string[]) => [...new Set(paths.flatMap((path) => below(resolve(path))))].sort();

  const resolveLinks = (path: string, depth = 0): string => {
    if (path === '/' || depth > 40) return path;
    const here = join(resolveLinks(dirname(path), depth + 1), path.slice(path.lastIndexOf('/') + 1));
    const entry = entries.get(here);
    return entry?.type === 'link' ? resolveLinks(resolve(dirname(here), entry.target), depth + 1) : here;
  };

  const move = (from: string, to: string) => {
    const moved = below(from).map((path) => [path, entries.get(path)] as const);
    for (const [path] of moved) entries.delete(path);
    for (const [path, entry] of moved) if (entry) entries.set(to + path.slice(from.length), entry);
  };

  return {
    apply(change) {
      const entry = entries.get(change.kind === 'move' ? change.from : change.path);
      if (change.kind === 'put') entries.set(change.path, toEntry(change.node));
      else if (change.kind === 'remove') for (const path of below(change.path)) entries.delete(path);
      else if (change.kind === 'move') move(change.from, change.to);
      else if (change.kind === 'attributes') {
        if (entry) Object.assign(entry, { mode: change.mode, mtime: change.mtime });
      } else if (entry?.type === 'file') {
        entry.chunks.push(change.content);
        entry.size += change.content.byteLength;
        entry.mtime = change.mtime;
        delete entry.sha256;
      }
    },
    isDirectory: (path) => path === '/' || entries.get(path)?.type === 'directory',
    size: () => [...entries.values()].reduce((sum, entry) => sum + sizeOf(entry), 0),
    resolve: (path) => resolveLinks(resolve(path)),
    read(path) {
      const entry = entries.get(resolveLinks(resolve(path)));
      return entry?.type === 'file' ? contentOf(entry) : undefined;
    },
    collect: (paths) =>
      belowAll(paths).flatMap((path) => {
        const entry = entries.get(path);
        return entry?.type === 'file' ? [{ path, content: contentOf(entry), mode: entry.mode & 0o7777 }] : [];
      }),
    survey(paths) {
      const tree: FileTree = {};
      for (const path of belowAll(paths)) tree[path] = describe(entries.get(path) as Entry);
      return tree;
    },
    changes: () => [...entries].map(([path, entry]) => ({ kind: 'put', path, node: toNode(entry) })),
  };
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
  entry.sha256 ??= digest(entry.chunks);
  return { type: 'file', mode, size: entry.size, sha256: entry.sha256 };
}

function digest(chunks: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
