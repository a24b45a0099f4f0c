import { basename, posix } from 'node:path';
import { denialScript, quotedWord } from '../../policy/denial.ts';
import type { ShellCommand } from '../../policy/shell/command.ts';
import { parseShell } from '../../policy/shell/parse.ts';
import { agentPlace } from '../../schema/agent-folder.ts';
import type { StartedProgram } from '../../schema/started-program.ts';
import type { Step } from '../../schema/trial.ts';
import type { ResolvedCall, ResolvedTrial } from './resolved-trial.ts';

/**
 * What a program that was started is: the agent's own `program`, `explained` by a declared call, a helper, or what started it, an
 * `undeclared` one, or started by such a one (`beneath`).
 */
export type Explanation = 'program' | 'explained' | 'undeclared' | 'beneath';

/** What everything is that was started in a trial, by its id; computed once. */
export const explanationsIn = (trial: ResolvedTrial): ReadonlyMap<number, Explanation> =>
  trial.once(explanations);

function explanations(trial: ResolvedTrial): Map<number, Explanation> {
  const all = new Map<number, Explanation>();
  const own: StartedProgram[] = [];
  const isHelper = helperMatcher(trial.trial.started.agent.helpers ?? []);
  let main: number | undefined;
  for (const step of trial.trial.steps) {
    for (const program of step.started?.programs ?? []) {
      main ??= program.pid;
      const above = program.by === 0 ? 'program' : all.get(program.by);
      // A command line may have a shell or `env` become the program.
      const isBegun = own.every(({ pid }) => pid === main) && program.pid === main;
      const told = (): Explanation => {
        if (above !== 'program') return above === 'explained' ? 'explained' : 'beneath';
        if (program.by === 0 || isBegun || isOwn(program, own)) return 'program';
        const isDeclared = openIn(trial, step).some((call) => runs(program, call));
        return isDeclared || isHelper(program) ? 'explained' : 'undeclared';
      };
      const explanation = told();
      all.set(program.id, explanation);
      if (explanation === 'program') own.push(program);
    }
  }
  return all;
}

/** Programs that do what the script or the text says that they are given. */
const interpreter =
  /^((ba|da|z|k|a|fi|mk)?sh|env|busybox|python[\d.]*|pypy[\d.]*|node|bun|deno|ruby[\d.]*|perl[\d.]*|php[\d.]*|lua[\d.]*|java)$/;

/** Whether a program is the agent's own once more, or a part of what was installed with it. */
function isOwn(program: StartedProgram, own: readonly StartedProgram[]): boolean {
  const { file } = program;
  if (file === '/proc/self/exe') return true;
  const script = scriptOf(program);
  if (posix.normalize(script ?? file).startsWith(agentPlace)) return true;
  return own.some((one) => one.file === file && scriptOf(one) === script);
}

/** What an interpreter runs; undefined where the program is none. */
function scriptOf({ file, args }: StartedProgram): string | undefined {
  if (!interpreter.test(basename(file))) return undefined;
  return args.slice(1).find((arg) => !arg.startsWith('-')) ?? '';
}

/** The calls of a step that were made or denied, and those of earlier ones that had not come back when it began. */
function openIn({ calls }: ResolvedTrial, { index, startedAt }: Step): ResolvedCall[] {
  return calls.filter(({ made, step, call: { returned } }) =>
    step.index === index
      ? made || returned?.source === 'policy'
      : made && step.index < index && !(returned && returned.at < startedAt),
  );
}

/** What a shell does by itself, without starting anything. */
const builtins = new Set(
  `: . [ alias bg break builtin cd command compgen continue declare dirs disown echo eval exec exit export false fg getopts hash jobs local
  popd printf pushd pwd read readonly return set shift shopt source test times trap true type typeset ulimit umask unalias unset
  wait`.split(/\s+/),
);

/** Whether a program is what a call makes the agent's program start: its command and nothing else, in whatever wrapping. */
function runs(program: StartedProgram, { facts, declared, undeclared, made, text }: ResolvedCall): boolean {
  // A tool that is no shell, and of which the agent's folder says that it runs something.
  if (facts.shell === undefined) return made && declared?.effect === 'exec' && !undeclared;
  const shell = made ? facts.shell : `sh -c ${quotedWord(denialScript(text))}`;
  const [name = '', ...rest] = program.args;
  if (shells.test(basename(name)) && rest.find((arg) => !arg.startsWith('-')) === shell) return true;
  if (program.cut) return false;
  const own = parseShell([basename(name), ...rest].map(quotedWord).join(' '));
  const asked = made ? facts.commands : parseShell(shell);
  const isIn = (command: ShellCommand, all: readonly ShellCommand[]) =>
    all.some((one) => wording(one) === wording(command));
  const isNoProgram = (command: ShellCommand) => builtins.has(command.name) || isRunner(command, own);
  return (
    asked.some((command) => isIn(command, own)) &&
    // A program may leave out a `cd` to where it is.
    asked.every((command) => isNoProgram(command) || isIn(command, own)) &&
    own.every((command) => isNoProgram(command) || isIn(command, asked))
  );
}

const shells = /^(ba|da|z|k|a|fi|mk)?sh$/;
const wording = ({ name, args }: ShellCommand) => JSON.stringify([name, ...args]);

/** Whether a command only runs others that are known, as `timeout 5 sh -c '…'` does. */
const isRunner = ({ name, via }: ShellCommand, all: readonly ShellCommand[]) =>
  all.some((one) => one.via.length === via.length + 1 && one.via.at(-1) === name);

/** Whether a program is one of these, in which `*` stands for any text, and ` *` at the end for any further arguments or none. */
function helperMatcher(helpers: readonly string[]): (program: StartedProgram) => boolean {
  const patterns = helpers.map((helper) => {
    const text = helper.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${text.replace(/ \*$/, '( .*)?').replaceAll(/(?<!\.)\*/g, '.*')}$`, 's');
  });
  return ({ args: [name = '', ...rest] }) => {
    const text = [basename(name), ...rest].join(' ');
    return patterns.some((pattern) => pattern.test(text));
  };
}
