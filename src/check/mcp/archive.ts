import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

const mtime = new Date(0);

/** A folder as a gzipped tar under another name, empty folders and links included; the same for the same content. */
export async function archiveOf(dir: string, name: string): Promise<Buffer> {
  const tar = pack();
  const owner = { mtime, uid: 0, gid: 0 };
  const add = (path: string) => {
    const full = join(dir, path);
    const inside = join(name, path);
    const stats = lstatSync(full);
    if (stats.isSymbolicLink())
      tar.entry({ ...owner, name: inside, type: 'symlink', linkname: readlinkSync(full) });
    else if (stats.isFile())
      tar.entry({ ...owner, name: inside, mode: stats.mode & 0o100 ? 0o755 : 0o644 }, readFileSync(full));
    else if (stats.isDirectory()) {
      tar.entry({ ...owner, name: `${inside}/`, type: 'directory', mode: 0o755 });
      for (const entry of readdirSync(full).sort()) add(join(path, entry));
    }
  };
  add('');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks), { level: 6 });
}
