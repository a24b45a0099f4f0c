import type { Prompter } from '../agent/human.ts';
import { readTypedCall } from '../agent/typed-call.ts';
import type { HandRoom } from '../check/hand-room.ts';
import { textOf } from '../schema/content.ts';
import type { StateChange } from '../schema/state.ts';

const help = `tools                     what can be called
call NAME {"a": 1}        call a tool; also: NAME a=1 b="two words"
state                     what changed since the last look
milestones                which of the task's milestones hold
sh COMMAND                run a command in the sandbox
exit                      leave; the sandbox is removed`;

/** Lets a person work in a room until they leave it. */
export async function promptInRoom(room: HandRoom, prompter: Prompter, signal: AbortSignal): Promise<void> {
  for (;;) {
    const line = (await prompter.ask('> ', signal))?.trim();
    if (line === undefined || line === 'exit') return;
    if (line !== '') prompter.say(await answerTo(line, room));
  }
}

async function answerTo(line: string, room: HandRoom): Promise<string> {
  if (line === 'help') return help;
  if (line === 'tools')
    return room
      .tools()
      .map(({ name, declared, description }) => `${name} (${declared.effect}): ${description}`)
      .join('\n');
  if (line === 'state') return stateText(await room.look());
  if (line === 'milestones') return milestoneText(await room.milestones());
  if (/^sh\s/.test(line)) return runText(await room.run(line.slice(3)));
  const call = readTypedCall(line, room.tools());
  if ('problem' in call) return call.problem;
  const { content, isError } = await room.call(call.tool, call.arguments);
  return `${isError ? 'error: ' : ''}${textOf(content)}`;
}

function stateText(changes: StateChange[] | undefined): string {
  if (changes === undefined) return 'this environment declares no state';
  if (changes.length === 0) return 'nothing changed';
  return changes.map(({ op, path, after }) => `${op} ${path}${shown(after)}`).join('\n');
}

const shown = (value: unknown) => (value === undefined ? '' : ` ${JSON.stringify(value).slice(0, 200)}`);

function milestoneText(milestones: Awaited<ReturnType<HandRoom['milestones']>>): string {
  if (milestones.length === 0) return 'there are no milestones';
  return milestones
    .map(({ name, held, error }) => `${held ? 'x' : '-'} ${name}${error ? `: ${error}` : ''}`)
    .join('\n');
}

function runText(result: Awaited<ReturnType<HandRoom['run']>>): string {
  if (!result) return 'this environment has no sandbox';
  const { stdout, stderr, exitCode } = result;
  const code = exitCode === 0 ? '' : `exit code ${exitCode}`;
  return [`${stdout}`, `${stderr}`, code]
    .map((part) => part.trimEnd())
    .filter(Boolean)
    .join('\n');
}
