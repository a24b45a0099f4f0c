import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const abandonedMs = 24 * 60 * 60 * 1000;

/** Takes away what processes left in a folder, under names that begin so, that died while they wrote it: what is a day old. */
export async function dropAbandoned(folder: string, beginning = ''): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(beginning)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > abandonedMs) await rm(path, { recursive: true, force: true });
  }
}
