import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path/posix';
import { ProctorError } from '../../errors.ts';
import { collectLimits, type NewFile, type SandboxFiles } from '../sandbox.ts';
import type { Mirror } from './mirror.ts';
import type { Change } from './protocol.ts';

export interface FilesParts {
  mirror: Mirror;
  storageBytes: number;
  refuseIfClosed(): void;
  /** Hears of every change the harness makes. */
  told(changes: Change[]): void;
}

/** The harness's hands on a sandbox's files; they need no thread. */
export function createFiles({ mirror, storageBytes, refuseIfClosed, told }: FilesParts) {
  const make = (changes: Change[]) => {
    for (const change of changes) mirror.apply(change);
    told(changes);
  };

  const missingFolders = (path: string): Change[] => {
    if (mirror.isDirectory(path)) return [];
    const put: Change = { kind: 'put', path, node: { type: 'directory', mode: 0o755, mtime: Date.now() } };
    return [...missingFolders(dirname(path)), put];
  };

  const write = (file: NewFile) => {
    const path = mirror.resolve(file.path);
    if (mirror.isDirectory(path)) throw new ProctorError('sandbox-failed', `${path} is a directory`);
    if (mirror.size() + file.content.byteLength > storageBytes) {
      throw new ProctorError(
        'sandbox-failed',
        `no room for ${path}: the sandbox holds ${storageBytes} bytes`,
      );
    }
    const content = new Uint8Array(file.content);
    const node = { type: 'file' as const, mode: file.mode ?? 0o644, mtime: Date.now(), content };
    make([...missingFolders(dirname(path)), { kind: 'put', path, node }]);
  };

  const api: SandboxFiles = {
    async read(path) {
      refuseIfClosed();
      const content = mirror.read(path);
      if (content) return content;
      throw new ProctorError('sandbox-failed', `cannot read ${path}: there is no such file in the sandbox`);
    },
    async write(files) {
      refuseIfClosed();
      for (const file of files) write(file);
    },
    async collect(paths) {
      refuseIfClosed();
      const found = mirror.collect(paths);
      const bytes = found.reduce((sum, { content }) => sum + content.byteLength, 0);
      if (bytes <= collectLimits.bytes && found.length <= collectLimits.files) return found;
      throw new ProctorError('too-large', `there are ${found.length} files of ${bytes} bytes to collect`);
    },
    async survey(paths) {
      refuseIfClosed();
      return mirror.survey(paths);
    },
    async contents(files) {
      refuseIfClosed();
      const found = new Map<string, Buffer>();
      for (const { path, sha256 } of files) {
        const content = mirror.read(path);
        if (content && createHash('sha256').update(content).digest('hex') === sha256)
          found.set(sha256, content);
      }
      return found;
    },
  };

  return {
    api,
    makeFolders: (paths: string[]) => make(paths.flatMap((path) => missingFolders(resolve(path)))),
  };
}
