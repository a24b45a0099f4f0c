import type { ParsedScript, Function as ShellFunction } from 'unbash';
import { type ShellCommand, unparsed } from './command.ts';
import type { ShellScope } from './scope.ts';
import type { Field } from './word.ts';

/** Walks more of a text; each gives what it prints, where that is known. */
interface Walk {
  text(text: string, context: Context): string | undefined;
  script(script: ParsedScript, context: Context): string | undefined;
  body(body: ShellFunction['body'], context: Context): string | undefined;
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
