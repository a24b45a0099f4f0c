import { basename, dirname, join, relative, sep } from 'node:path';
import { readAuthorFileIfPresent } from '../schema/author-file.ts';
import { type Suite, suite } from '../schema/suite.ts';
import type { Task } from '../task/task.ts';

/** The folder that holds all of these tasks, and its `suite.toml`. Throws `bad-file` where that is mistaken. */
export function suiteOf(tasks: readonly Pick<Task, 'dir'>[]): {
  dir: string;
  name: string;
  declared?: Suite;
} {
  const folders = tasks.map(({ dir }) => dirname(dir));
  const dir = folders.reduce(common, folders[0] ?? '.');
  const declared = readAuthorFileIfPresent(join(dir, 'suite.toml'), suite);
  return { dir, name: basename(dir), ...(declared && { declared }) };
}

function common(one: string, other: string): string {
  const above = relative(one, other)
    .split(sep)
    .filter((part) => part === '..');
  return join(one, ...above);
}
