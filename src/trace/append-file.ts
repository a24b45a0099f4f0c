import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { ProctorError } from '../errors.ts';
import { onDisk, writeAll } from './disk.ts';

/** A new file that only grows, by whole lines. */
export interface AppendFile {
  /** write(2). What was half written is taken away again before `disk-full` or `trace-write-failed` is thrown. */
  write(line: Uint8Array): void;
  sync(): void;
  close(): void;
}

/** Throws `trace-write-failed` where the file exists: nothing is ever appended to a closed trace. */
export function createAppendFile(path: string): AppendFile {
  const fd = onDisk(path, () => openSync(path, 'ax'));
  let size = 0;
  let broken = false;

  function takeBack(): void {
    try {
      ftruncateSync(fd, size);
    } catch {
      broken = true;
    }
  }

  return {
    write(line) {
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
    sync: () => onDisk(path, () => fsyncSync(fd)),
    close: () => onDisk(path, () => closeSync(fd)),
  };
}
