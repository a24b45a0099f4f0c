import { dirname, join, resolve } from 'node:path';
import { isFile } from '../schema/author-folder.ts';

const names = ['proctor.config.ts', 'proctor.config.js', 'proctor.config.mjs'];

/** The configuration of the project that a folder is in: in the folder or the nearest above it. */
export function projectFile(from: string): string | undefined {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    const found = names.map((name) => join(dir, name)).find(isFile);
    if (found !== undefined || dir === dirname(dir)) return found;
  }
}
