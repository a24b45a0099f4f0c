import { inflateSync } from 'node:zlib';
import type { FileTree } from '../sandbox/sandbox.ts';

const loosePath = /^(.*?\.git)\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/;

/** Files in which git names commits. */
const namesCommits = /^(.*?\.git)\/(refs\/|packed-refs$|logs\/|[A-Z_]*HEAD$)/;

const anyId = /\b[0-9a-f]{40}\b/g;
const parentId = /(?<=^parent )[0-9a-f]{40}$/gm;

/** Commits that are read of a tree at most: their texts are short, but a history may be long. */
const maxCommits = 100;

/** Larger loose objects are no commits worth reading. */
const maxBytes = 4 * 1024;

/** Whether a file is git's own and no text: an object, or a hook that comes with every repository. */
export const isGitsOwn = (path: string): boolean => /\.git\/(objects\/|hooks\/.*\.sample$)/.test(path);

/** Paths of the loose commits that the refs and logs of repositories name, and of the parents that known commits name. */
export function namedCommits(tree: FileTree, textOf: (sha256: string) => string | undefined): string[] {
  const paths = new Set<string>();
  for (const [path, { sha256 }] of Object.entries(tree)) {
    const named = namesCommits.exec(path);
    const git = (named ?? loosePath.exec(path))?.[1];
    const text = git === undefined || sha256 === undefined ? undefined : textOf(sha256);
    for (const [id] of text?.matchAll(named ? anyId : parentId) ?? [])
      paths.add(`${git}/objects/${id.slice(0, 2)}/${id.slice(2)}`);
  }
  return [...paths].filter((path) => (tree[path]?.size ?? Infinity) <= maxBytes).slice(-maxCommits);
}

/** The text of a loose object that is a commit or a tag, as `git cat-file -p` prints it; empty for any other. */
export function commitText(object: Buffer): string {
  try {
    const [head = '', ...rest] = inflateSync(object, { maxOutputLength: 16 * maxBytes })
      .toString()
      .split('\0');
    return /^(commit|tag) /.test(head) ? rest.join('\0') : '';
  } catch {
    return '';
  }
}
