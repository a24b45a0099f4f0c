import type { AuthorFile } from '../../schema/author-folder.ts';
import type { Strength } from '../../schema/instance.ts';
import type { TaskAdditions } from '../../schema/task.ts';
import type { InstanceRandom } from '../random.ts';

/** What of a task is its form. */
interface Form {
  /** Of the task's folder. */
  files: readonly AuthorFile[];
  /** What the task allows, and where. */
  declared: TaskAdditions['perturb'];
}

interface Asked {
  /** 1 is mild, 3 is strong. */
  strength: Strength;
  random: InstanceRandom;
}

/** The files in another form; a text says why the task gives no occasion for it. */
export type Perturb = (form: Form, asked: Asked) => AuthorFile[] | string | Promise<AuthorFile[] | string>;
