import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** `disk-full` where there is no room for a file, else `trace-write-failed`. */
export function writeError(path: string, cause: unknown): ProctorError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return fullDisk.has(code)
    ? new ProctorError('disk-full', `${path}: no space left for the trace (${code})`, { cause })
    : new ProctorError('trace-write-failed', `${path}: ${messageOf(cause)}`, { cause });
}

/** Runs what touches the file at `path`; its failure is thrown as `disk-full` or `trace-write-failed`. */
export function onDisk<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw writeError(path, error);
  }
}

/** write(2) until all bytes are written. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
}

/** fsync of a file or folder. */
export function syncPath(path: string): void {
  onDisk(path, () => {
    const fd = openSync(path, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/** Makes a file appear whole or not at all. `sync` adds fsync of the file and of its folder. */
export function writeWhole(path: string, bytes: Uint8Array, options: { sync: boolean }): void {
  const part = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  onDisk(path, () => {
    try {
      writeNew(part, bytes, options.sync);
      renameSync(part, path);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
  if (options.sync) syncPath(dirname(path));
}

function writeNew(path: string, bytes: Uint8Array, sync: boolean): void {
  const fd = openSync(path, 'wx');
  try {
    writeAll(fd, bytes);
    if (sync) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
