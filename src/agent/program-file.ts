import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import { isFile, packageRoot } from '../schema/author-folder.ts';

/** The file that an agent is written in. */
export interface ProgramFile {
  /** Absolute. */
  path: string;
  /** sha256 of the file itself; what it imports is not part of it. */
  digest: string;
}

/** Looks in a folder, then in the working directory, then in what ships. Throws `not-found` naming the agent. */
export function programFile(agent: string, file: string, folder: string): ProgramFile {
  const places = [folder, '.', packageRoot].map((place) => resolve(place, file));
  const path = places.find(isFile);
  if (path === undefined)
    throw new ProctorError('not-found', `agent ${agent}: there is no file ${places[0]}`);
  return { path, digest: createHash('sha256').update(readFileSync(path)).digest('hex') };
}
