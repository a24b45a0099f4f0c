import { closeSync, fsync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { ProctorError } from '../errors.ts';
import { onDisk, writeAll, writeError } from './disk.ts';

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
