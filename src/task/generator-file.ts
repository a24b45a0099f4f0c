import { join } from 'node:path';
import { isFile } from '../schema/author-folder.ts';

/** The module of a task's folder that makes instances of it. */
export const generatorFile = 'generate.ts';

/** Whether a path in a task's folder is the generator's, and no part of an instance nor of the published task. */
export const isOfGenerator = (path: string): boolean =>
  path === generatorFile || path.startsWith('generate/');

/** Whether instances of a task in this folder can be made. */
export const isGenerated = (dir: string): boolean => isFile(join(dir, generatorFile));
