import type { Prompter } from '../agent/human.ts';
import { readTypedCall } from '../agent/typed-call.ts';
import type { InteractiveTrial } from '../check/interactive-trial.ts';
import { textOf } from '../schema/content.ts';
import type { StateChange } from '../schema/state.ts';

const help = `tools                     what can be called
call NAME {"a": 1}        call a tool; also: NAME a=1 b="two words"
state                     what changed since the last look
milestones                which of the task's milestones hold
sh COMMAND                run a command in the sandbox
exit                      leave; the sandbox is removed`;

/** Lets a person work in a trial until they leave. */
export async function promptInTrial(
  trial: InteractiveTrial,
  prompter: Prompter,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const line = (await prompter.ask('> ', signal))?.trim();
    if (line === undefined || line === 'exit') return;
    if (line !== '') prompter.say(await answerTo(line, trial));
  }
}

async function answerTo(line: string, trial: InteractiveTrial): Promise<string> {
  if (line === 'help') return help;
  if (line === 'tools')
    return trial
      .tools()
      .map(({ name, declared, description }) => `${name} (${declared.effect}): ${description}`)
      .join('\n');
  if (line === 'state') return stateText(await trial.look());
  if (line === 'milestones') return milestoneText(await trial.milestones());
  if (/^sh\s/.test(line)) return runText(await trial.run(line.slice(3)));
  const call = readTypedCall(line, trial.tools());
  if ('problem' in call) return call.problem;
  const { content, isError } = await trial.call(call.tool, call.arguments);
  return `${isError ? 'error: ' : ''}${textOf(content)}`;
}

function stateText(changes: StateChange[] | undefined): string {
  if (changes === undefined) return 'this environment declares no state';
  if (changes.length === 0) return 'nothing changed';
  return changes.map(({ op, path, after }) => `${op} ${path}${shown(after)}`).join('\n');
}

const shown = (value: unknown) => (value === undefined ? '' : ` ${JSON.stringify(value).slice(0, 200)}`);

function milestoneText(milestones: Awaited<ReturnType<InteractiveTrial['milestones']>>): string {
  if (milestones.length === 0) return 'there are no milestones';
  return milestones
    .map(({ name, held, error }) => `${held ? 'x' : '-'} ${name}${error ? `: ${error}` : ''}`)
    .join('\n');
}

function runText(result: Awaited<ReturnType<InteractiveTrial['run']>>): string {
  if (!result) return 'this environment has no sandbox';
  const { stdout, stderr, exitCode } = result;
  const code = exitCode === 0 ? '' : `exit code ${exitCode}`;
  return [`${stdout}`, `${stderr}`, code]
    .map((part) => part.trimEnd())
    .filter(Boolean)
    .join('\n');
}
