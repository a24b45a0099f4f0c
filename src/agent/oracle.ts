import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { isFile } from '../schema/author-folder.ts';
import { submitTool } from '../schema/submit.ts';
import type { Script } from '../schema/task.ts';
import type { Agent, TrialBrief } from './agent.ts';
import { callsOf, scriptSession } from './script/play.ts';
import { readScript } from './script/read.ts';

/** Plays a task's reference: its `reference.json`, or one shell command that runs its `solution/solve.sh`. */
export function oracleAgent(): Agent {
  return {
    id: 'oracle',
    seesSolution: true,
    check: async (tasks) => void tasks.map(referenceOf),
    open: async ({ task }) => scriptSession(withSubmit(referenceOf(task))),
  };
}

function referenceOf({ name, dir }: TrialBrief['task']): Script {
  const reference = join(dir, 'reference.json');
  if (isFile(reference)) return readScript(reference);
  if (isFile(join(dir, 'solution', 'solve.sh'))) {
    return [{ tool: 'bash', arguments: { command: 'bash /solution/solve.sh' } }];
  }
  throw new ProctorError(
    'not-found',
    `task ${name} has nothing for the oracle to play: expected reference.json or solution/solve.sh in ${dir}`,
  );
}

function withSubmit(script: Script): Script {
  const submits = script.some((step) => callsOf(step).some((call) => call.tool === submitTool));
  return submits ? script : [...script, { tool: submitTool, arguments: {} }];
}
