import { createHash } from 'node:crypto';

interface Milestone {
  name: string;
  weight?: number;
  command: string;
}

/** Holds when a file of the working directory has exactly this content. */
export function fileRight(name: string, path: string, content: string, weight = 1): Milestone {
  const sha = createHash('sha256').update(content).digest('hex');
  return { name, weight, command: `test "$(sha256sum < ${path} | cut -c 1-64)" = ${sha}` };
}

/** Holds when there is something in a file of the working directory. */
export const fileWritten = (name: string, path: string): Milestone => ({ name, command: `test -s ${path}` });
