import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processExists } from '../../sandbox/process-owner.ts';

/** Removes what workers of this machine left in a folder that were killed; it holds a folder for each worker, by its id. */
export async function removeLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, host, pid] = /^(.*)-(\d+)-[0-9a-f]{4}$/.exec(name) ?? [];
    if (host === hostname() && !processExists(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
