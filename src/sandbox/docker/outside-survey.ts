import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import type { FileEntry, FileTree } from '../sandbox.ts';
import type { ArchivedContainer } from './archive.ts';
import { namesAsTexts, nameText } from './tar-name.ts';

const timeoutMs = 60_000;
/** Larger files are not hashed, as in a survey from inside. */
const maxHashedBytes = 256 * 1024 * 1024;

const types: Record<string, FileEntry['type']> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  symlink: 'link',
};

/** Surveys paths by the engine's archives of them: slower than from inside, and needs no program of the image. Missing paths are left out. */
export async function surveyFromOutside(running: ArchivedContainer, paths: string[]): Promise<FileTree> {
  const tree: FileTree = {};
  const tooLong = AbortSignal.timeout(timeoutMs);
  for (const path of paths) {
    try {
      const archive = (await running.archive(path)) as Readable;
      await addEntries(addAbortSignal(tooLong, archive), posix.dirname(posix.resolve('/', path)), tree);
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) continue;
      throw await running.failure(error, `Sandbox ${running.name} could not be surveyed`);
    }
  }
  return tree;
}

async function addEntries(archive: NodeJS.ReadableStream, parent: string, tree: FileTree): Promise<void> {
  const entries = extract();
  archive.on('error', (error) => entries.destroy(error));
  for await (const entry of archive.pipe(namesAsTexts()).pipe(entries)) {
    const { linkname, type, size = 0 } = entry.header;
    const digest = size <= maxHashedBytes ? createHash('sha256') : undefined;
    for await (const chunk of entry) digest?.update(chunk as Buffer);
    const linked = type === 'link' ? tree[posix.join(parent, linkname ?? '')] : undefined;
    tree[pathOf(parent, nameText(entry.header))] = linked ?? entryOf(entry.header, digest?.digest('hex'));
  }
}

const pathOf = (parent: string, name: string) => posix.join(parent, name).replace(/(.)\/$/, '$1');

function entryOf({ type, mode = 0, size = 0, linkname }: Header, sha256: string | undefined): FileEntry {
  const entry: FileEntry = {
    type: types[type ?? 'file'] ?? 'other',
    mode: (mode & 0o7777).toString(8),
    size,
  };
  if (entry.type === 'link')
    return { ...entry, size: Buffer.byteLength(linkname ?? ''), target: linkname ?? '' };
  return entry.type === 'file' && sha256 !== undefined ? { ...entry, sha256 } : entry;
}
