import { posix } from 'node:path';
import { extract, pack } from 'tar-stream';
import { ProctorError } from '../../errors.ts';
import { collectLimits, type NewFile } from '../sandbox.ts';
import { hasCode } from './file-name.ts';
import { namesAsBytes, namesAsTexts, nameText } from './tar-name.ts';

/** The owner of a file, in numbers. */
export interface Ownership {
  uid: number;
  gid: number;
}

/** What a container is for those who look at its files from outside. */
export interface ArchivedContainer {
  readonly name: string;
  /** A tar of what is at a path; rejects with `statusCode` 404 where nothing is. */
  archive(path: string): Promise<NodeJS.ReadableStream>;
  /** Why its files can't be had any more; undefined while they can. */
  death(): Promise<unknown>;
  failure(error: unknown, what: string): Promise<ProctorError>;
}

/** The files at or below a path by the engine's archive of it, or undefined where there are none. */
export async function archivedFiles(
  running: ArchivedContainer,
  path: string,
): Promise<ArchivedFile[] | undefined> {
  try {
    return await unpackFiles(await running.archive(path));
  } catch (error) {
    if (error instanceof ProctorError) throw error;
    if ((error as { statusCode?: number }).statusCode === 404 && !(await running.death())) return undefined;
    throw await running.failure(error, `${path} could not be read`);
  }
}

/** The files below paths, with their absolute paths. */
export async function collectFiles(running: ArchivedContainer, paths: string[]): Promise<NewFile[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const parent = posix.dirname(posix.resolve('/', path));
      const files = (await archivedFiles(running, path)) ?? [];
      return files.map(({ name, ...file }) => ({ ...file, path: posix.join(parent, name) }));
    }),
  );
  return found.flat();
}

/** A tar with paths relative to `/`; the directories come first. */
export function packFiles(files: NewFile[], directories: string[], owner: Ownership): NodeJS.ReadableStream {
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
