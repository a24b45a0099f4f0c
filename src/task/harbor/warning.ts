import { join } from 'node:path';
import { displayPath } from '../../schema/author-file.ts';
import type { HarborTask } from '../../schema/harbor-task.ts';
import type { Task } from '../task.ts';
import { objections } from './field-table.ts';

/** One line for each field of a task that is not honoured as it stands. */
export function warningsOf({ dir, harbor }: Pick<Task, 'dir' | 'harbor'>): string[] {
  const file = displayPath(join(dir, 'task.toml'));
  return objections(harbor)
    .filter(({ handling }) => handling !== 'refused')
    .map(({ path, why }) => `${file}: ${path}: ${why}`);
}

/** Why a task is refused, one line for each field. */
export function refusals(harbor: HarborTask): string[] {
  return objections(harbor)
    .filter(({ handling }) => handling === 'refused')
    .map(({ path, why }) => `${path}: ${why}`);
}
