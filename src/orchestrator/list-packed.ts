import { createHash } from 'node:crypto';
import { type StateChange, sha256Of } from '../schema/state.ts';
import { isArchiveName } from '../scoring/trial/archive.ts';
import type { LiveTrial } from './live-trial.ts';
import { unpacked } from './unpack.ts';

/** What is looked into: bytes of an archive and of what is packed in it, contents in one, and archives of one step. */
const listed = { bytes: 4 * 1024 * 1024, unpacked: 32 * 1024 * 1024, contents: 5000, archives: 16 } as const;

/**
 * What the archives hold that a step made, and keeps it: sha256 of each → sha256 of each content. Those that could not be wholly
 * looked into are left out; undefined where there is none.
 */
export async function listPacked(
  { sandbox, world }: LiveTrial,
  changes: readonly StateChange[],
): Promise<Record<string, string[]> | undefined> {
  const made = changes.flatMap(({ path, after }) => {
    const [sha256, { size = 0 }] = [sha256Of(after), (after ?? {}) as { size?: number }];
    const isListed = sha256 !== undefined && isArchiveName(path) && size > 0 && size <= listed.bytes;
    return isListed && !world.packed.has(sha256) ? [{ path, size, sha256 }] : [];
  });
  const found: Record<string, string[]> = {};
  for (const archive of made.slice(0, listed.archives)) {
    const content = (await sandbox?.files.contents([archive]).catch(() => undefined))?.get(archive.sha256);
    const packed = content && (await unpacked(content, listed.unpacked));
    if (!packed?.whole || packed.contents.length === 0 || packed.contents.length > listed.contents) continue;
    found[archive.sha256] = [...new Set(packed.contents.map(digestOf))];
  }
  for (const [sha256, contents] of Object.entries(found)) world.packed.set(sha256, contents);
  return Object.keys(found).length > 0 ? found : undefined;
}

export const digestOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
