import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { scriptCommand } from '../sandbox/script-command.ts';
import { shellWord } from '../sandbox/shell-word.ts';
import { displayPath, expandVariables, readForeignFile, readText } from '../schema/author-file.ts';
import { isFile } from '../schema/author-folder.ts';
import { submitTool } from '../schema/builtin-tool.ts';
import { harborTask } from '../schema/harbor-task.ts';
import type { Script } from '../schema/task.ts';
import type { Agent, TrialBrief } from './agent.ts';
import { callsOf, readScript, scriptSession } from './script.ts';

/** Plays a task's reference: its `reference.json`, or one shell command that runs its `solution/solve.sh`, for each phase. */
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
  const { steps, solution } = readForeignFile(join(dir, 'task.toml'), harborTask).data;
  const env = expandVariables(solution.env, `${displayPath(dir)}/task.toml: solution.env`);
  const folders = steps ? steps.map(({ name: step }) => join(dir, 'steps', step)) : [dir];
  const solutions = folders.map((folder) => join(folder, 'solution', 'solve.sh'));
  if (solutions.some(isFile))
    return solutions.flatMap((file) => [...(isFile(file) ? [solve(readText(file), env)] : []), submit]);
  throw new ProctorError(
    'not-found',
    `task ${name} has nothing for the oracle to play: expected reference.json or solution/solve.sh in ${dir}`,
  );
}

const submit = { tool: submitTool, arguments: {} };

/** Runs the solution of the phase by its own first line, with the variables it is given; packages ask nobody. */
function solve(text: string, env: Record<string, string>): Script[number] {
  const words = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)} `);
  return {
    tool: 'bash',
    arguments: {
      command: `DEBIAN_FRONTEND=noninteractive ${words.join('')}${scriptCommand(text, '/solution/solve.sh')}`,
    },
  };
}

function withSubmit(script: Script): Script {
  const submits = script.some((step) => callsOf(step).some((call) => call.tool === submitTool));
  return submits ? script : [...script, submit];
}
