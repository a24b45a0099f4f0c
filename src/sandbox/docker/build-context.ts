import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { messageOf, ProctorError } from '../../errors.ts';
import { type IgnoreRules, ignoreRules } from './ignore-file.ts';

/** What is sent to a builder: the files of a folder that its `.dockerignore` lets through. */
export interface BuildContext {
  folder: string;
  /** Path of the Dockerfile in it. */
  name: string;
  /** The Dockerfile as it is to be built, which may differ from the one in the folder. */
  dockerfile: string;
  /** Relative, with slashes, in a fixed order; folders end with one. */
  paths: string[];
}

/** Lists a folder with a Dockerfile. Throws `bad-file` where that can't be read. */
export async function readContext(folder: string, given = 'Dockerfile'): Promise<BuildContext> {
  const name = posix.normalize(given);
  try {
    const dockerfile = await readFile(join(folder, name), 'utf8');
    const rules = ignoreRules(await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => ''));
    // The engine takes these out again where they are ignored.
    const alwaysSent = new Set([name, '.dockerignore']);
    return { folder, name, dockerfile, paths: await listFiles(folder, '', rules, alwaysSent) };
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** The sha256 (hex) of a build context: paths, kinds, executable bits and bytes. Throws `bad-file` where one can't be read. */
export async function contextDigest({ folder, name, dockerfile, paths }: BuildContext): Promise<string> {
  const digest = createHash('sha256').update(`${name}\0`);
  try {
    for (const path of paths)
      digest.update(await entryDigest(folder, path, path === name ? dockerfile : undefined));
  } catch (error) {
    throw unreadable(folder, error);
  }
  return digest.digest('hex');
}

/** A gzipped tar of a build context, with more files that nothing ignores; everything in it belongs to root. */
export function packContext(
  { folder, name, dockerfile, paths }: BuildContext,
  more: readonly { path: string; content: string }[] = [],
): NodeJS.ReadableStream {
  const archive = pack();
  const add = async () => {
    for (const path of paths) {
      const full = join(folder, path);
      const stats = await lstat(full);
      const header = { name: path, mode: stats.mode & 0o7777, mtime: stats.mtime };
      if (path === name) archive.entry(header, dockerfile);
      else if (path === '.dockerignore' && more.length > 0)
        archive.entry(
          header,
          [await readFile(full, 'utf8'), ...more.map((one) => `!${one.path}`)].join('\n'),
        );
      else if (path.endsWith('/')) archive.entry({ ...header, type: 'directory' });
      else if (stats.isSymbolicLink())
        archive.entry({ ...header, type: 'symlink', linkname: await readlink(full) });
      else await pipeline(createReadStream(full), archive.entry({ ...header, size: stats.size }));
    }
    for (const { path, content } of more) archive.entry({ name: path, mode: 0o644 }, content);
    archive.finalize();
  };
  add().catch((error) => archive.destroy(error));
  return (archive as unknown as NodeJS.ReadableStream).pipe(createGzip({ level: 1 }));
}

const unreadable = (folder: string, error: unknown) =>
  new ProctorError('bad-file', `The build context ${folder} can't be read: ${messageOf(error)}`, {
    cause: error,
  });

async function listFiles(
  folder: string,
  below: string,
  rules: IgnoreRules,
  alwaysSent: ReadonlySet<string>,
): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const misnamed = entries.find(({ name }) => name.includes('\uFFFD'));
  if (misnamed) throw new Error(`the name ${below}${misnamed.name} is not UTF-8`);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths = entries.map(async (entry) => {
    const path = `${below}${entry.name}`;
    const isIgnored = rules.isIgnored(path) && !alwaysSent.has(path);
    if (!entry.isDirectory()) return isIgnored || !(entry.isFile() || entry.isSymbolicLink()) ? [] : [path];
    const holdsSent = [...alwaysSent].some((one) => one.startsWith(`${path}/`));
    if (isIgnored && !rules.hasExceptions && !holdsSent) return [];
    const inside = await listFiles(folder, `${path}/`, rules, alwaysSent);
    return isIgnored && inside.length === 0 ? [] : [`${path}/`, ...inside];
  });
  return (await Promise.all(paths)).flat();
}

/** The digest of one entry; a Dockerfile counts as it is to be built. */
async function entryDigest(folder: string, path: string, dockerfile: string | undefined): Promise<Buffer> {
  const full = join(folder, path);
  const stats = await lstat(full);
  const kind = stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : 'file';
  const digest = createHash('sha256').update(`${path}\0${kind}\0${(stats.mode & 0o111) !== 0}\0`);
  if (kind === 'link') digest.update(await readlink(full));
  else if (dockerfile !== undefined) digest.update(dockerfile);
  else if (kind === 'file') await pipeline(createReadStream(full), digest, { end: false });
  return digest.digest();
}
