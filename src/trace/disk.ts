import { randomBytes } from 'node:crypto';
import { closeSync, fsync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether something could not be written for lack of space. */
export const isFull = (error: unknown): boolean => full.has((error as NodeJS.ErrnoException).code ?? '');

/** `disk-full` where there is no room for a file, else `trace-write-failed`. */
export function writeError(path: string, cause: unknown): ProctorError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return isFull(cause)
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
function writeAll(fd: number, bytes: Uint8Array): void {
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

/** A new file that only grows, by whole lines. */
export interface AppendFile {
  /** write(2). What was half written is taken away again before `disk-full` or `trace-write-failed` is thrown. */
  write(line: Uint8Array): void;
  /** Begins fsync and does not wait for it; the next write or the end throws where it failed. */
  flush(): void;
  /** fsync of everything, then close. */
  close(): void;
}

/** Throws `trace-write-failed` where the file exists: nothing is ever appended to a closed trace. */
export function createAppendFile(path: string): AppendFile {
  const fd = onDisk(path, () => openSync(path, 'ax'));
  let size = 0;
  let broken = false;
  let closed = false;
  let flush: 'none' | 'running' | 'due' = 'none';
  let failure: Error | undefined;

  function beginFlush(): void {
    flush = 'running';
    fsync(fd, (error) => {
      if (error) failure = writeError(path, error);
      const due = flush === 'due';
      flush = 'none';
      if (closed) closeSync(fd);
      else if (due) beginFlush();
    });
  }

  function takeBack(): void {
    try {
      ftruncateSync(fd, size);
    } catch {
      broken = true;
    }
  }

  return {
    write(line) {
      if (failure) throw failure;
      if (broken) throw new ProctorError('trace-write-failed', `${path}: its last line is torn`);
      onDisk(path, () => {
        try {
          writeAll(fd, line);
        } catch (error) {
          takeBack();
          throw error;
        }
      });
      size += line.length;
    },
    flush() {
      if (flush === 'none') beginFlush();
      else flush = 'due';
    },
    close() {
      if (closed) return;
      closed = true;
      try {
        if (failure) throw failure;
        onDisk(path, () => fsyncSync(fd));
      } finally {
        if (flush === 'none') closeSync(fd);
      }
    },
  };
}
