import { type RecordsRead, readRecords } from '../environment/record/read.ts';
import { messageOf } from '../errors.ts';
import type { FileTree } from '../sandbox/sandbox.ts';
import type { Json } from '../schema/json.ts';
import type { RecordSource } from '../schema/record.ts';
import { rethrowIfBroken } from './rethrow.ts';
import type { Room } from './room.ts';

/** The files of the task and its environment whose records are part of the state. */
export const recordSourcesOf = ({ task, environment }: Room['plan']): RecordSource[] => [
  ...task.additions.records,
  ...environment.config.records,
];

/** A tree of files in which those with declared records have them, read anew where a file changed. */
export async function withRecords(tree: FileTree, room: Room): Promise<Json> {
  const known = room.records;
  const read: [path: string, RecordsRead][] = [];
  for (const { path } of recordSourcesOf(room.plan)) {
    // Files that only have owners are in the tree as they are.
    const entry = tree[path];
    if (entry?.type !== 'file') continue;
    const isLogged = (tree[`${path}-wal`]?.size ?? 0) > 0;
    const found = isLogged
      ? logged
      : (entry.sha256 && known.get(entry.sha256)) || (await recordsAt(path, room));
    if (entry.sha256) known.set(entry.sha256, found);
    read.push([path, found]);
  }
  forget(known, tree, room.state);
  const entries = read.map(([path, found]) => [path, { ...tree[path], ...found }]);
  return { ...tree, ...Object.fromEntries(entries) } as unknown as Json;
}

const logged = { unread: 'its write-ahead log holds changes that are not in it' };

/** Keeps the records of files as they are and as they were, for the difference. */
function forget(known: Map<string, RecordsRead>, ...trees: (Json | FileTree | undefined)[]): void {
  const used = new Set(
    trees.flatMap((tree) => Object.values(tree ?? {}).map((entry) => (entry as { sha256?: string })?.sha256)),
  );
  for (const digest of known.keys()) if (!used.has(digest)) known.delete(digest);
}

async function recordsAt(path: string, { sandbox }: Room): Promise<RecordsRead> {
  try {
    const content = await sandbox?.files.read(path);
    return { records: await readRecords(path, content ?? Buffer.alloc(0)) };
  } catch (error) {
    rethrowIfBroken(error);
    return { unread: messageOf(error) };
  }
}
