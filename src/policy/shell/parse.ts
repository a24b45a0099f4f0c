import { parseScript } from './ast.ts';
import { type ShellCommand, unparsed } from './command.ts';
import type { Context } from './context.ts';
import { newScope } from './scope.ts';
import { walkBody, walkScript } from './walk.ts';

/** Longer texts are not looked into. */
const maxTextCharacters = 200_000;

/** Loops and functions are followed until this many commands were looked at. */
const maxCommands = 1000;

/**
 * Every simple command of a shell text, however nested, inner ones of a word before the command they stand in.
 * Text that cannot be parsed adds a command without a name that is not `resolved`. Never throws.
 */
export function parseShell(text: string): ShellCommand[] {
  if (text.length > maxTextCharacters) return [unparsed(text.slice(0, 1000))];
  const context: Context = {
    commands: [],
    scope: newScope(),
    via: [],
    within: [],
    piped: false,
    stdin: undefined,
    source: text,
    depth: 0,
    budget: { left: maxCommands },
    walk: {
      text: (inner, around) => walkScript(parseScript(inner), { ...around, source: inner }),
      script: walkScript,
      body: walkBody,
    },
  };
  try {
    context.walk.text(text, context);
  } catch {
    context.commands.push(unparsed(text.slice(0, 1000)));
  }
  return context.commands;
}
