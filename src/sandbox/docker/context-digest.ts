import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, ProctorError } from '../../errors.ts';

/** The sha256 (hex) of a build context: paths, kinds, executable bits and bytes, in a fixed order, and which file is the Dockerfile. */
export async function contextDigest(context: string, dockerfile: string): Promise<string> {
  const digest = createHash('sha256').update(`${dockerfile}\0`);
  try {
    await lstat(join(context, dockerfile));
    for (const path of await listFiles(context, '')) digest.update(await entryDigest(context, path));
  } catch (error) {
    throw new ProctorError('bad-file', `The build context ${context} can't be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return digest.digest('hex');
}

async function listFiles(context: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(context, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths: string[] = [];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) paths.push(`${path}/`, ...(await listFiles(context, path)));
    else paths.push(path);
  }
  return paths;
}

async function entryDigest(context: string, path: string): Promise<Buffer> {
  const full = join(context, path);
  const stats = await lstat(full);
  const kind = stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : 'file';
  const digest = createHash('sha256').update(`${path}\0${kind}\0${(stats.mode & 0o111) !== 0}\0`);
  if (kind === 'link') digest.update(await readlink(full));
  if (kind === 'file') await pipeline(createReadStream(full), digest, { end: false });
  return digest.digest();
}
