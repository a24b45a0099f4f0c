import { basename, join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { callsOf, scriptSession } from '../agent/script.ts';
import { readFolder } from '../schema/author-folder.ts';
import { submitTool } from '../schema/builtin-tool.ts';
import type { Script } from '../schema/task.ts';
import type { Task } from '../task/task.ts';

/** What a script of `agents/` is there to show. */
export type Role = 'right' | 'wrong' | 'mutant';

/** `careful`, `detour` and `right-…` do the task, `mutant-…` is a spoilt reference, and whatever else is there is a wrong agent. */
export function roleOf(name: string): Role {
  if (/^(careful|detour|right-.+)$/.test(name)) return 'right';
  return name.startsWith('mutant-') ? 'mutant' : 'wrong';
}

/** Names of the scripts in a task's `agents/`, without `.json`. */
export function scriptNames(task: Pick<Task, 'dir'>): string[] {
  return readFolder(join(task.dir, 'agents'))
    .filter(({ path }) => path.endsWith('.json') && !path.includes('/'))
    .map(({ path }) => basename(path, '.json'));
}

/** An agent that plays a script made up on the spot, and submits where the script does not. */
export function madeUpAgent(id: string, script: Script): Agent {
  const submits = script.some((step) => callsOf(step).some(({ tool }) => tool === submitTool));
  const whole = submits ? script : [...script, { tool: submitTool, arguments: {} }];
  return { id, open: async () => scriptSession(whole) };
}
