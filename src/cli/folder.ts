import { messageOf, ProctorError } from '../errors.ts';
import { makeFolders } from '../schema/author-folder.ts';

/** Makes a folder that a flag names, such as `--out traces`, with those above it. Throws `bad-flag` where it can't be made. */
export function makeFolder(flag: string, dir: string): void {
  try {
    makeFolders(dir);
  } catch (cause) {
    throw new ProctorError('bad-flag', `${flag}: the folder can’t be made: ${messageOf(cause)}`, { cause });
  }
}
