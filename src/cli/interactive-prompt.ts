import type { Prompter } from '../agent/human.ts';
import { readTypedCall } from '../agent/typed-call.ts';
import type { InteractiveTrial } from '../check/interactive-trial.ts';
import { textOf } from '../schema/content.ts';
import type { StateChange } from '../schema/state.ts';

const words = {
  tools: `tools                     what can be called
call NAME {"a": 1}        call a tool; also: NAME a=1 b="two words"`,
  look: 'state                     what changed since the last look',
  milestones: "milestones                which of the task's milestones hold",
  run: 'sh COMMAND                run a command in the sandbox',
};

/** What a person can ask at the prompt; a trial that was rebuilt half-way can tell less. */
export type Prompted = Pick<InteractiveTrial, 'tools' | 'call'> &
  Partial<Pick<InteractiveTrial, 'look' | 'milestones' | 'run'>>;

function helpFor(trial: Prompted): string {
  const known = Object.entries(words).filter(([name]) => name in trial);
  return [...known.map(([, line]) => line), 'exit                      leave; the sandbox is removed'].join(
    '\n',
  );
}

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

/** What a typed line is answered: a word of `help`, or a call of a tool. */
export async function answerTo(line: string, trial: Prompted): Promise<string> {
  if (line === 'help') return helpFor(trial);
  if (line === 'tools')
    return trial
      .tools()
      .map(({ name, declared, description }) => `${name} (${declared.effect}): ${description}`)
      .join('\n');
  if (line === 'state' && trial.look) return stateText(await trial.look());
  if (line === 'milestones' && trial.milestones) return milestoneText(await trial.milestones());
  if (trial.run && /^sh\s/.test(line)) return runText(await trial.run(line.slice(3)));
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
