import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path/posix';
import { ProctorError } from '../../errors.ts';
import { collectLimits, type NewFile, type SandboxFiles } from '../sandbox.ts';
import type { FileMirror } from './mirror.ts';
import type { Change } from './protocol.ts';

export interface EmbeddedFilesParts {
  mirror: FileMirror;
  storageBytes: number;
  /** Throws where the sandbox is closed. */
  requireOpen(): void;
  /** Called with the changes that the harness makes. */
  onChanges(changes: Change[]): void;
}

/** The files of a sandbox as the harness accesses them; needs no thread. */
export class EmbeddedFiles implements SandboxFiles {
  readonly #parts: EmbeddedFilesParts;

  constructor(parts: EmbeddedFilesParts) {
    this.#parts = parts;
  }

  makeFolders(paths: string[]): void {
    this.#make(paths.flatMap((path) => this.#missingFolders(resolve(path))));
  }

  readonly read: SandboxFiles['read'] = async (path) => {
    this.#parts.requireOpen();
    const content = this.#parts.mirror.read(path);
    if (content) return content;
    throw new ProctorError('sandbox-failed', `cannot read ${path}: there is no such file in the sandbox`);
  };

  readonly write: SandboxFiles['write'] = async (files) => {
    this.#parts.requireOpen();
    for (const { target, ...file } of files) {
      if (target === undefined) this.#write(file);
      else this.#link(file.path, target);
    }
  };

  readonly collect: SandboxFiles['collect'] = async (paths) => {
    this.#parts.requireOpen();
    const found = this.#parts.mirror.collect(paths);
    const bytes = found.reduce((sum, { content }) => sum + content.byteLength, 0);
    if (bytes <= collectLimits.bytes && found.length <= collectLimits.files) return found;
    throw new ProctorError('too-large', `there are ${found.length} files of ${bytes} bytes to collect`);
  };

  readonly survey: SandboxFiles['survey'] = async (paths) => {
    this.#parts.requireOpen();
    return this.#parts.mirror.survey(paths);
  };

  readonly contents: SandboxFiles['contents'] = async (files) => {
    this.#parts.requireOpen();
    const found = new Map<string, Buffer>();
    for (const { path, sha256 } of files) {
      const content = this.#parts.mirror.read(path);
      if (content && createHash('sha256').update(content).digest('hex') === sha256)
        found.set(sha256, content);
    }
    return found;
  };

  #write(file: NewFile): void {
    const path = this.#parts.mirror.resolve(file.path);
    if (this.#parts.mirror.isDirectory(path))
      throw new ProctorError('sandbox-failed', `${path} is a directory`);
    if (this.#parts.mirror.size() + file.content.byteLength > this.#parts.storageBytes) {
      const limit = `the sandbox holds at most ${this.#parts.storageBytes} bytes`;
      throw new ProctorError('sandbox-failed', `no space for ${path}: ${limit}`);
    }
    const content = new Uint8Array(file.content);
    const node = { type: 'file' as const, mode: file.mode ?? 0o644, mtime: Date.now(), content };
    this.#make([...this.#missingFolders(dirname(path)), { kind: 'put', path, node }]);
  }

  #link(given: string, target: string): void {
    const path = join(this.#parts.mirror.resolve(dirname(given)), basename(given));
    const node = { type: 'link' as const, mode: 0o777, mtime: Date.now(), target };
    this.#make([...this.#missingFolders(dirname(path)), { kind: 'put', path, node }]);
  }

  #missingFolders(path: string): Change[] {
    if (this.#parts.mirror.isDirectory(path)) return [];
    const node = { type: 'directory' as const, mode: 0o755, mtime: Date.now() };
    return [...this.#missingFolders(dirname(path)), { kind: 'put', path, node }];
  }

  #make(changes: Change[]): void {
    for (const change of changes) this.#parts.mirror.apply(change);
    this.#parts.onChanges(changes);
  }
}
