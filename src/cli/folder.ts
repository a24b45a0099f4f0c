import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';

/** Makes a folder that a flag names, such as `--out traces`, with those above it. Throws `bad-flag` where it can't be made. */
export function makeFolder(flag: string, dir: string): void {
  try {
    make(resolve(dir));
  } catch (cause) {
    throw new ProctorError('bad-flag', `${flag}: the folder can’t be made: ${messageOf(cause)}`, { cause });
  }
}

/** One folder after the other: `mkdirSync` with `recursive` never returns below `/proc`. */
function make(dir: string): void {
  if (existsSync(dir)) return;
  make(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
}
