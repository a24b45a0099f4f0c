import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Leaves the published files of a folder out, for instances whose files have other names; `task` is the folder of the task. */
export function withoutFolder(task: string, folder: string): Record<string, null> {
  const entries = readdirSync(join(task, folder), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name).slice(task.length + 1), null]),
  );
}
