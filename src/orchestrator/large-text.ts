import { isUtf8 } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type LargeChange, type StateChange, sha256Of } from '../schema/state.ts';
import { keptText } from './changed-text.ts';
import { isGitsOwn } from './git-commit.ts';
import type { LiveTrial } from './live-trial.ts';
import { shortened } from './shortened.ts';

/** Bytes of a text up to which it is looked at, of all of a trial as they are kept, packed; and files. */
const looked = { file: 4 * 1024 * 1024, packed: 8 * 1024 * 1024, files: 32 } as const;

interface Entry {
  path: string;
  size: number;
  sha256: string;
}

const isLong = ({ size }: Entry) => size > keptText.file;

/** Keeps the long texts of files, so that what is lost of them in place can be told. */
export async function keepLargeTexts(live: LiveTrial): Promise<void> {
  const { state } = live.plan.environment.config;
  const tree = (state && 'paths' in state && live.world.state) || {};
  const long = Object.entries(tree).flatMap(([path, entry]) => entryOf(path, entry) ?? []);
  for (const one of long.filter((entry) => isLong(entry) && !isGitsOwn(entry.path)).slice(0, looked.files))
    await keep(live, one);
}

/** Of texts that were long before or are after, and were changed in place, what is no longer there and what is new; undefined where there are none. */
export async function largeChanges(
  live: LiveTrial,
  changes: readonly StateChange[],
): Promise<Record<string, LargeChange> | undefined> {
  const found: Record<string, LargeChange> = {};
  for (const { path, before, after } of changes) {
    const [was, is] = [entryOf(path, before), entryOf(path, after)];
    if (is && isLong(is)) await keep(live, is);
    if (!was || !is || is.size === 0 || was.sha256 === is.sha256 || isGitsOwn(path)) continue;
    if (!isLong(was) && !isLong(is)) continue;
    const texts = [was, is].map((one) => textOf(live, one));
    const [old, now] = texts;
    if (old === null || now === null) continue;
    found[path] =
      old === undefined || now === undefined
        ? {
            unread: `it is longer than the ${looked.file / 1024 ** 2} MiB that are looked at, or too many are`,
          }
        : shortened(path, old, now);
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

async function keep({ sandbox, world: { large } }: LiveTrial, { path, size, sha256 }: Entry): Promise<void> {
  if (!sandbox || large.has(sha256) || size > looked.file) return;
  const held = [...large.values()].reduce((sum, text) => sum + (text?.length ?? 0), 0);
  if (held > looked.packed) return;
  const bytes = await sandbox.files.read(path).catch(() => undefined);
  if (bytes?.length !== size) return;
  const isText = isUtf8(bytes) && !bytes.includes(0);
  large.set(sha256, isText ? gzipSync(bytes, { level: 1 }) : null);
}

/** Null where a file is no text, undefined where it is not known. */
function textOf({ world }: LiveTrial, { sha256, size }: Entry): string | null | undefined {
  const packed = world.large.get(sha256);
  if (packed) return gunzipSync(packed).toString();
  // A short file that was not kept is no text, or one of too many.
  return packed === null ? null : (world.texts.get(sha256) ?? (size > keptText.file ? undefined : null));
}

function entryOf(path: string, value: unknown): Entry | undefined {
  const { type, size, records } = (value ?? {}) as { type?: unknown; size?: unknown; records?: unknown };
  const sha256 = sha256Of(value as Parameters<typeof sha256Of>[0]);
  const isFile = type === 'file' && typeof size === 'number' && sha256 !== undefined && records === undefined;
  return isFile ? { path, size, sha256 } : undefined;
}
