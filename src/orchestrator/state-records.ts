import { recordSourcesOf } from '../environment/contract.ts';
import { messageOf } from '../errors.ts';
import { type RecordsRead, readRecords } from '../record/read.ts';
import type { FileTree } from '../sandbox/sandbox.ts';
import type { Json } from '../schema/json.ts';
import { sha256Of } from '../schema/state.ts';
import type { LiveTrial } from './live-trial.ts';
import { rethrowIfBroken } from './rethrow.ts';

/** Adds their records to the files that declare some. A file is read again only where it changed. */
export async function withRecords(tree: FileTree, live: LiveTrial): Promise<Json> {
  const state: Json = { ...tree } as unknown as { [path: string]: Json };
  // Both what the files hold and what they held before is kept, to show the difference.
  const kept: LiveTrial['world']['records'] = new Map();
  for (const { path } of recordSourcesOf(live.plan.task, live.plan.environment)) {
    const before = sha256Of((live.world.state as { [path: string]: Json } | undefined)?.[path]);
    const former = before === undefined ? undefined : live.world.records.get(before);
    if (before !== undefined && former) kept.set(before, former);
    const entry = tree[path];
    if (entry?.type !== 'file') continue;
    const isLogged = (tree[`${path}-wal`]?.size ?? 0) > 0;
    const known = entry.sha256 === undefined ? undefined : live.world.records.get(entry.sha256);
    const found = isLogged ? logged : (known ?? (await recordsAt(path, live)));
    if (entry.sha256 !== undefined && !isLogged) kept.set(entry.sha256, found);
    state[path] = { ...entry, ...found } as unknown as Json;
  }
  live.world.records = kept;
  return state;
}

const logged = { unread: 'its write-ahead log holds changes that are not in it' };

async function recordsAt(path: string, { sandbox }: LiveTrial): Promise<RecordsRead> {
  try {
    const content = await sandbox?.files.read(path);
    return { records: await readRecords(path, content ?? Buffer.alloc(0)) };
  } catch (error) {
    rethrowIfBroken(error);
    return { unread: messageOf(error) };
  }
}
