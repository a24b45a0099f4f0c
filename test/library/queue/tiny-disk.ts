import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk of its own that can be filled up; without the right to mount one, a folder that can't. */
export interface TinyDisk {
  dir: string;
  fill(): void;
  empty(): void;
  remove(): void;
}

export function tinyDisk(dir: string): TinyDisk {
  mkdirSync(dir, { recursive: true });
  const isMounted = mounts(dir);
  const filler = join(dir, 'filler');
  return {
    dir,
    fill() {
      if (!isMounted) return;
      const file = openSync(filler, 'a');
      try {
        for (const size of [1 << 20, 1 << 12]) writeUntilFull(file, Buffer.alloc(size));
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler, { force: true }),
    remove() {
      if (isMounted) execFileSync('umount', ['--lazy', dir], { stdio: 'pipe' });
    },
  };
}

function mounts(dir: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', dir], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    for (;;) if (writeSync(file, bytes) < bytes.length) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
