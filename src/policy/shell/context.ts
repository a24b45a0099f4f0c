import type { FunctionBody, Script } from './ast.ts';
import { type ShellCommand, unparsed } from './command.ts';
import { type ShellScope, subshellScope } from './scope.ts';
import type { Field, Substitution } from './word.ts';

/** Walks more of a text; each gives what it prints, where that is known. */
interface Walk {
  text(text: string, context: Context): string | undefined;
  script(script: Script, context: Context): string | undefined;
  body(body: FunctionBody, context: Context): string | undefined;
}

/** Where a walk over a shell text is, and what it found so far. */
export interface Context {
  commands: ShellCommand[];
  scope: ShellScope;
  via: readonly string[];
  within: readonly string[];
  piped: boolean;
  /** What can be read from standard input; undefined where not known. */
  stdin: string | undefined;
  /** The text that positions of nodes refer to. */
  source: string;
  depth: number;
  /** How many more commands are looked at; shared by the whole walk. */
  budget: { left: number };
  walk: Walk;
}

/** A command with its words expanded. */
export interface Invocation {
  argv: Field[];
  text: string;
  redirects: { op: string; path: string }[];
  env: Record<string, string>;
}

const maxDepth = 12;

/** One level deeper; undefined where a text nests or grows without end, which is noted as not parsed. */
export function deeper(context: Context, changes: Partial<Context>): Context | undefined {
  if (context.depth < maxDepth && context.budget.left > 0) {
    return { ...context, ...changes, depth: context.depth + 1 };
  }
  noteUnparsed(context);
  return undefined;
}

/** Takes one command from the budget; false where it is used up, which is noted as not parsed. */
export function spend(context: Context): boolean {
  context.budget.left -= 1;
  if (context.budget.left > 0) return true;
  noteUnparsed(context);
  return false;
}

function noteUnparsed({ commands, source }: Context): void {
  if (commands.at(-1)?.name !== '') commands.push(unparsed(source.slice(0, 200)));
}

/** Walks a text as what `by` runs; its own shell, so variables do not come back unless `shared`. */
export function walkNested(
  text: string,
  by: string,
  context: Context,
  changes: Partial<Context> = {},
): string | undefined {
  const inner = deeper(context, { via: [...context.via, by], piped: false, stdin: undefined, ...changes });
  return inner?.walk.text(text, inner);
}

/** Walks the scripts inside words, as part of the walk around them. */
export function substitution(context: Context): Substitution {
  const walk = (script: Script) => {
    const scope = subshellScope(context.scope);
    const inner = deeper(context, { scope, piped: false, stdin: undefined });
    return inner && (readOnly(script, inner) ?? inner.walk.script(script, inner));
  };
  return {
    scope: context.scope,
    output: walk,
    stream(script) {
      const path = `/dev/fd/${63 - context.scope.files.size}`;
      const output = walk(script);
      if (output !== undefined) context.scope.files.set(path, output);
      return path;
    },
  };
}

/** `$(<file)` of a file this text wrote. */
function readOnly(script: Script, context: Context): string | undefined {
  const [only, ...rest] = script.commands;
  if (rest.length > 0 || only?.command.type !== 'Command' || only.command.name) return undefined;
  const redirect = only.command.redirects[0];
  if (redirect?.type !== 'Redirect' || redirect.operator !== '<' || !redirect.target) return undefined;
  return context.scope.files.get(redirect.target.value);
}
