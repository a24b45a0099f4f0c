import { extract, pack } from 'tar-stream';
import { ProctorError } from '../../errors.ts';
import { collectLimits, type NewFile } from '../sandbox.ts';

/** The owner of a file, in numbers. */
export interface Ownership {
  uid: number;
  gid: number;
}

/** A tar with paths relative to `/`; the directories come first. */
export function packFiles(files: NewFile[], directories: string[], owner: Ownership): NodeJS.ReadableStream {
  const archive = pack();
  const mtime = new Date();
  for (const path of directories) {
    archive.entry({ ...owner, name: `${path.slice(1)}/`, type: 'directory', mode: 0o755, mtime });
  }
  for (const { path, content, mode = 0o644 } of files) {
    archive.entry({ ...owner, name: path.slice(1), mode, mtime }, Buffer.from(content));
  }
  archive.finalize();
  return archive as unknown as NodeJS.ReadableStream;
}

interface ArchivedFile {
  name: string;
  mode: number;
  content: Buffer;
}

/**
 * The regular files of a tar; symbolic links, directories and devices are left out. Names are as in the tar.
 * Throws `too-large` above `collectLimits`, and stops the engine's work on it.
 */
export async function unpackFiles(tar: NodeJS.ReadableStream): Promise<ArchivedFile[]> {
  const entries = extract();
  try {
    return await filesIn(tar.pipe(entries));
  } catch (error) {
    tar.unpipe(entries);
    (tar as NodeJS.ReadableStream & { destroy?(): void }).destroy?.();
    throw error;
  }
}

async function filesIn(entries: ReturnType<typeof extract>): Promise<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    const { name, type, mode = 0o644, linkname, size = 0 } = entry.header;
    bytes += size;
    if (bytes > collectLimits.bytes || files.length >= collectLimits.files) throw tooLarge();
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

function tooLarge(): ProctorError {
  const { bytes, files } = collectLimits;
  return new ProctorError(
    'too-large',
    `there is more than ${bytes / 1024 / 1024} MB or ${files} files to collect`,
  );
}
