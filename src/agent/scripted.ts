import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import { displayPath } from '../schema/author-file.ts';
import { isFile } from '../schema/author-folder.ts';
import type { Script } from '../schema/task.ts';
import type { Agent } from './agent.ts';
import { readScript, scriptSession } from './script.ts';

/**
 * Plays a script: `<file>.json` for every task, or by name `agents/<name>.json` of each task's folder.
 * After the last decision of the script it stops without calls.
 */
export function scriptedAgent(nameOrFile: string): Agent {
  const file = nameOrFile.endsWith('.json') ? resolve(nameOrFile) : undefined;
  const scriptFor = (dir: string) => scriptAt(file ?? join(dir, 'agents', `${nameOrFile}.json`));
  return {
    id: `scripted:${nameOrFile}`,
    async check(tasks) {
      const dirs = file === undefined ? tasks.map(({ dir }) => dir) : [''];
      await Promise.all(dirs.map(scriptFor));
    },
    open: async ({ task }) => scriptSession(await scriptFor(task.dir)),
  };
}

async function scriptAt(file: string): Promise<Script> {
  if (isFile(file)) return readScript(file);
  const folder = dirname(file);
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'));
  const there =
    names.length > 0 ? `there is ${names.sort().join(', ')}` : 'there are no scripts in its folder';
  throw new ProctorError(
    'not-found',
    `no script '${basename(file, '.json')}' in ${displayPath(folder)}; ${there}`,
  );
}
