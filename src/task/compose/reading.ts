import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { badFile } from '../../schema/author-file.ts';
import type { Lookup } from './interpolate.ts';

/** A compose file as it is read: what fills in its variables, and what was noticed. */
export interface Reading {
  file: string;
  /** The task's `environment/`, where the file is. */
  folder: string;
  lookup: Lookup;
  /** Why the task is refused, one line for each field. */
  refusals: string[];
  /** What is not honoured as it stands. */
  warnings: string[];
}

/** Where a path of the file leads, links followed; undefined where that is not below `environment/`. */
export function pathInside({ folder }: Reading, path: string): string | undefined {
  const full = isAbsolute(path) ? path : join(folder, path);
  const isInside =
    !path.startsWith('~') &&
    isBelow(folder, full) &&
    (!existsSync(full) || isBelow(realpathSync(folder), realpathSync(full)));
  return isInside ? full : undefined;
}

function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

/** A quantity that has to be readable. Throws `bad-file`. */
export function required<T>({ file }: Reading, where: string, value: T | undefined, expected: string): T {
  if (value === undefined) throw badFile(file, `${where}: expected ${expected}`);
  return value;
}
