import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import { isFile } from '../schema/author-folder.ts';

/** The file that an agent is written in. */
export interface ProgramFile {
  /** Absolute. */
  path: string;
  /** sha256 of the file itself; what it imports is not part of it. */
  digest: string;
}

/** Throws `not-found` naming the agent. */
export function programFile(agent: string, file: string, folder: string): ProgramFile {
  const path = resolve(folder, file);
  if (!isFile(path)) throw new ProctorError('not-found', `agent ${agent}: there is no file ${path}`);
  return { path, digest: createHash('sha256').update(readFileSync(path)).digest('hex') };
}
